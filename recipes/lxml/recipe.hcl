package "lxml" {
  summary  = "XML and HTML, with libxml2 and libxslt in it"
  license  = "BSD-3-Clause"
  homepage = "https://lxml.de"
  tags     = ["catalogue", "large"]

  version "5.4.0" {
    sha256 = "d12832e1dbea4be280b22fd0ea7c9b87f0d8fc51ba06e92dc62d52f804f78ebd"
  }

  source {
    pypi {}
  }

  build {
    uses = ["libxml2", "libxslt", "zlib"]
    env = {
      WITH_XML2_CONFIG = "/crosswheel/libs/libxml2/bin/xml2-config"
      WITH_XSLT_CONFIG = "/crosswheel/libs/libxslt/bin/xslt-config"
    }
    extensions = ["lxml/etree*.so", "lxml/objectify*.so", "lxml/builder*.so"]
  }

  test {
    imports = ["lxml.etree", "lxml.objectify", "lxml.html"]
    commands = [
      "from lxml import etree; assert etree.fromstring('<a><b x=\"1\">hi</b></a>').xpath('string(//b[@x=1])') == 'hi'; assert etree.LIBXML_VERSION == (2, 9, 14)",
      "from lxml import etree; x = etree.XSLT(etree.XML('<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:template match=\"/\"><r><xsl:value-of select=\"count(//b)\"/></r></xsl:template></xsl:stylesheet>')); assert str(x(etree.XML('<a><b/><b/></a>')).getroot().text) == '2'",
      "from lxml import html; assert html.fromstring('<p>one<p>two').xpath('//p/text()') == ['one', 'two']",
    ]
  }
}
