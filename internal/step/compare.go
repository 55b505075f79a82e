// SPDX-License-Identifier: Apache-2.0

package step

import (
	"context"
	"os"
	"time"

	"crosswheel/internal/difference"
)

// CompareOptions are the options of the step "compare", which writes Out/compared.json: where the results of two builds differ.
type CompareOptions struct {
	Usual, Unlike      string // folders
	UsualTiming        string // timing.json of the usual compile; the other one ran after it
	UnlikeTiming       string
	UsualCircumstances difference.Circumstances
	// UnlikeCircumstances are those of the other build; its clock was ahead by so many seconds.
	UnlikeCircumstances difference.Circumstances
	Ahead               float64
}

// Compared is what compared.json holds.
type Compared struct {
	Findings []difference.Finding
}

func compare(_ context.Context, o CompareOptions) error {
	usual, err := during(o.UsualCircumstances, o.UsualTiming, 0)
	if err != nil {
		return err
	}
	if usual.Host, err = os.Hostname(); err != nil { // the engine names all of its containers in one way
		return err
	}
	unlike, err := during(o.UnlikeCircumstances, o.UnlikeTiming, o.Ahead)
	if err != nil {
		return err
	}
	findings, err := difference.Compare(os.DirFS(o.Usual), os.DirFS(o.Unlike), usual, unlike)
	if err != nil {
		return err
	}
	return writeJSON("compared.json", Compared{findings})
}

// during adds what the clock said.
func during(c difference.Circumstances, timing string, ahead float64) (difference.Circumstances, error) {
	var took struct{ Started, Seconds float64 }
	err := readJSON(timing, &took)
	at := func(seconds float64) time.Time { return time.Unix(int64(seconds), 0).UTC() }
	c.From, c.To = at(took.Started+ahead), at(took.Started+took.Seconds+ahead+1)
	return c, err
}
