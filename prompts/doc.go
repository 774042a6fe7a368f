// Package prompts holds everything the product says, and nothing it decides.
//
// It owns two folders of data:
//
//	messages/<lang>/<area>.yaml   what people read; lang is zh-Hans, mn-Cyrl or mn-Mong
//	models/*.tmpl                 what a language model reads, when one is configured
//
// A Chinese message is a plain string. A Mongolian message is {text, confidence}, with confidence high, medium
// or low: no Mongolian string in this package has been reviewed by a native speaker yet, and the confidence says
// how well each one was attested. Placeholders are written {name} and are the same in every language.
//
// Keys are written in full in the file ("intake.confirm"), by convention starting with the area, and are unique
// over all areas of a language.
//
// The rule for a Mongolian reader: a high or medium string is shown with the Chinese beneath it; a low or a
// missing string is not shown at all, and the Chinese stands alone. A person who asked for Mongolian must never
// be left with a doubtful sentence as the only thing they can act on.
package prompts
