// SPDX-License-Identifier: Apache-2.0

package difference

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// locator says where an offset of the usual bytes is.
type locator func(offset int) []string

// span is a part of bytes.
type span struct{ from, to int }

const (
	near   = 8  // bytes: differences as close together as this are one
	around = 64 // bytes of text that are shown on both sides of a difference
	shown  = 5  // differences of one section or file
)

// bytes compares bytes that are no format of which more is known.
func (c *comparer) bytes(a, b []byte, at locator) {
	if len(a) != len(b) {
		c.strings(a, b, at)
		return
	}
	var unknown []span
	known := map[string]int{} // findings by cause: the first says it all
	for _, s := range spans(a, b) {
		from, to := max(s.from-3, 0), min(s.to+3, len(a)) // of a number only some bytes may differ
		cause, cure := c.known(a[from:to], b[from:to])
		if cause == "" {
			unknown = append(unknown, s)
			continue
		}
		if known[cause]++; known[cause] <= shown {
			c.add(Finding{Where: at(s.from), Usual: excerpt(a, s), Unlike: excerpt(b, s), Cause: cause, Cure: cure})
		}
	}
	c.unrecognised(a, b, unknown, at)
}

// unrecognised tells parts in which nothing of the circumstances is recognised. What is the same in another order may be one part, or all of them.
func (c *comparer) unrecognised(a, b []byte, parts []span, at locator) {
	each := func(parts []span, cause, cure string) {
		for i, s := range parts {
			if i == shown {
				c.add(Finding{Where: at(s.from), What: fmt.Sprintf("Here and in %d more places it differs, too.", len(parts)-i-1), Cause: cause})
				return
			}
			c.add(Finding{Where: at(s.from), Usual: excerpt(a, s), Unlike: excerpt(b, s), Cause: cause, Cure: cure})
		}
	}
	var rest, ordered []span
	for _, s := range clusters(parts) {
		if reordered(a, b, s) {
			ordered = append(ordered, s)
		} else {
			rest = append(rest, s)
		}
	}
	each(ordered, orderCause, orderCure)
	if len(rest) == 0 {
		return
	}
	cause, cure := unknownCause, unknownCure
	if all := (span{rest[0].from, rest[len(rest)-1].to}); reordered(a, b, all) {
		rest, cause, cure = []span{all}, orderCause, orderCure
	}
	each(rest, cause, cure)
}

// clusters joins parts that are close together.
func clusters(parts []span) []span {
	var joined []span
	for _, s := range parts {
		if last := len(joined) - 1; last >= 0 && s.from-joined[last].to < 2*near {
			joined[last].to = s.to
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// spans are where bytes of the same length differ, with the text around that both have in common.
func spans(a, b []byte) []span {
	var found []span
	for i := 0; i < len(a); i++ {
		if a[i] == b[i] {
			continue
		}
		s := span{i, i + 1}
		for s.from > 0 && i-s.from < around && printable(a[s.from-1]) && printable(b[s.from-1]) {
			s.from--
		}
		for same := 0; s.to < len(a) && same < near; s.to++ {
			if same++; a[s.to] != b[s.to] {
				same = 0
			}
		}
		for s.to > i+1 && a[s.to-1] == b[s.to-1] {
			s.to--
		}
		i = s.to - 1
		for end := s.to; s.to < len(a) && s.to-end < around && printable(a[s.to]) && a[s.to] == b[s.to]; {
			s.to++
		}
		if last := len(found) - 1; last >= 0 && s.from <= found[last].to {
			found[last].to = s.to
		} else {
			found = append(found, s)
		}
	}
	return found
}

func printable(b byte) bool { return b >= ' ' && b <= '~' || b == '\t' }

// excerpt is bytes as people read them: hexadecimal, and what of it is text.
func excerpt(data []byte, s span) string {
	part := data[s.from:min(s.to, s.from+2*around)]
	hex := fmt.Sprintf("% x", part[:min(len(part), 16)])
	if len(part) > 16 {
		hex += " …"
	}
	text := strconv.Quote(strings.Map(func(r rune) rune {
		if r < 0x80 && printable(byte(r)) {
			return r
		}
		return '·'
	}, string(bytes.ToValidUTF8(part, []byte("·")))))
	if s.to-s.from > len(part) {
		text += " …"
	}
	return hex + "  " + text
}

// strings compares bytes of different lengths by the texts in them.
func (c *comparer) strings(a, b []byte, at locator) {
	usual, unlike := texts(a), texts(b)
	onlyUsual, onlyUnlike := without(usual, unlike), without(unlike, usual)
	if len(onlyUsual) == 0 && len(onlyUnlike) == 0 {
		first := 0
		for first < min(len(a), len(b)) && a[first] == b[first] {
			first++
		}
		f := Finding{Where: at(first), What: fmt.Sprintf("One has %d bytes and one %d; here is the first difference.", len(a), len(b)), Cause: unknownCause, Cure: unknownCure}
		f.Usual, f.Unlike = excerpt(a, span{first, min(len(a), first+16)}), excerpt(b, span{first, min(len(b), first+16)})
		if len(usual) > 1 {
			f.Cause, f.Cure = orderCause, orderCure // the same texts
		}
		c.add(f)
		return
	}
	for i := range min(max(len(onlyUsual), len(onlyUnlike)), shown) {
		f := Finding{What: fmt.Sprintf("One has %d bytes and one %d.", len(a), len(b))}
		var left, right string
		if i < len(onlyUnlike) {
			right = onlyUnlike[i].text
			f.Unlike = strconv.Quote(cut(right))
			f.Where = at(min(onlyUnlike[i].at, max(len(a)-1, 0)))
		}
		if i < len(onlyUsual) {
			left = onlyUsual[i].text
			f.Usual = strconv.Quote(cut(left))
			f.Where = at(onlyUsual[i].at)
		}
		if f.Cause, f.Cure = c.known([]byte(left), []byte(right)); f.Cause == "" {
			f.Cause, f.Cure = unknownCause, unknownCure
		}
		c.add(f)
	}
}

// cut is the beginning of a text.
func cut(text string) string {
	if len(text) > 2*around {
		return text[:2*around]
	}
	return text
}

// found is a text and where it begins.
type found struct {
	at   int
	text string
}

// texts are the runs of four and more printable characters.
func texts(data []byte) []found {
	var all []found
	start := 0
	for i := 0; i <= len(data); i++ {
		if i < len(data) && printable(data[i]) {
			continue
		}
		if i-start >= 4 {
			all = append(all, found{start, string(data[start:i])})
		}
		start = i + 1
	}
	return all
}

// without is what of texts others have not, each as often.
func without(texts, others []found) []found {
	counts := map[string]int{}
	for _, o := range others {
		counts[o.text]++
	}
	return slices.DeleteFunc(slices.Clone(texts), func(f found) bool {
		counts[f.text]--
		return counts[f.text] >= 0
	})
}

// reordered says whether a part of bytes of the same length has the same in it, in another order: texts, words or single bytes.
func reordered(a, b []byte, s span) bool {
	x, y := a[s.from:s.to], b[s.from:s.to]
	if samePieces(bytes.FieldsFunc(x, unprintable), bytes.FieldsFunc(y, unprintable), bytes.Compare) {
		return true
	}
	from, to := s.from&^3, min((s.to+3)&^3, len(a)&^3)
	if from < to && samePieces(words(a[from:to]), words(b[from:to]), cmp.Compare[uint32]) {
		return true
	}
	differing := 0
	for i := range x {
		if x[i] != y[i] {
			differing++
		}
	}
	return differing > 2 && samePieces(slices.Clone(x), slices.Clone(y), cmp.Compare[byte])
}

func unprintable(r rune) bool { return r >= 0x80 || !printable(byte(r)) }

func words(data []byte) []uint32 {
	var all []uint32
	for chunk := range slices.Chunk(data, 4) {
		all = append(all, binary.LittleEndian.Uint32(chunk))
	}
	return all
}

// samePieces sorts two or more pieces each, and says whether they are the same then.
func samePieces[E any](a, b []E, compare func(E, E) int) bool {
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	slices.SortFunc(a, compare)
	slices.SortFunc(b, compare)
	return slices.EqualFunc(a, b, func(x, y E) bool { return compare(x, y) == 0 })
}
