// SPDX-License-Identifier: Apache-2.0

package metayaml

import (
	"errors"
	"strings"
)

// shellWord is a word of a shell's language: as it is written, and without its quotes. Variables stay as they are.
type shellWord struct{ raw, text string }

// shellWords splits a text as sh does. Comments are left out.
func shellWords(s string) ([]shellWord, error) {
	var words []shellWord
	l := shellLexer{rest: s}
	for {
		word, ok, err := l.next()
		if err != nil || !ok {
			return words, err
		}
		words = append(words, word)
	}
}

type shellLexer struct{ rest string }

const shellSpace = " \t\r\n"

// next reads a word; it says false at the end.
func (l *shellLexer) next() (shellWord, bool, error) {
	for {
		l.rest = strings.TrimLeft(l.rest, shellSpace)
		switch {
		case l.rest == "":
			return shellWord{}, false, nil
		case strings.HasPrefix(l.rest, "\\\n"):
			l.rest = l.rest[2:]
		case l.rest[0] == '#':
			_, l.rest, _ = strings.Cut(l.rest, "\n")
		default:
			return l.word()
		}
	}
}

func (l *shellLexer) word() (shellWord, bool, error) {
	var text strings.Builder
	var quote byte
	s := l.rest
	i := 0
	for ; i < len(s); i++ {
		ch := s[i]
		switch {
		case quote == 0 && strings.IndexByte(shellSpace, ch) >= 0:
			l.rest = s[i:]
			return shellWord{s[:i], text.String()}, true, nil
		case quote == 0 && (ch == '"' || ch == '\''):
			quote = ch
		case quote != 0 && ch == quote:
			quote = 0
		case ch == '\\' && quote != '\'' && i+1 < len(s) && (quote == 0 || strings.IndexByte("\"\\$`\n", s[i+1]) >= 0):
			if i++; s[i] != '\n' {
				text.WriteByte(s[i])
			}
		default:
			text.WriteByte(ch)
		}
	}
	l.rest = ""
	if quote != 0 {
		return shellWord{}, false, errors.New("a quote is not closed")
	}
	return shellWord{s, text.String()}, true, nil
}
