package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"
)

const (
	nsMain    = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relType   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// part is one file of the archive.
type part struct{ name, body string }

// label is what a program can read of the origin of the paper (人工智能生成合成内容标识办法: implicit label). It holds
// no personal data.
type label struct {
	title, provider, number string
	at                      time.Time
}

// pack puts the parts of a paper together. The times inside are fixed: same parts, same bytes.
func pack(body, footer string, l label) ([]byte, error) {
	parts := []part{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + mainType + `document.main+xml"/>` +
			`<Override PartName="/word/styles.xml" ContentType="` + mainType + `styles+xml"/>` +
			`<Override PartName="/word/settings.xml" ContentType="` + mainType + `settings+xml"/>` +
			`<Override PartName="/word/fontTable.xml" ContentType="` + mainType + `fontTable+xml"/>` +
			`<Override PartName="/word/footer1.xml" ContentType="` + mainType + `footer+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
			`<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>`},
		{"_rels/.rels", rels(`<Relationship Id="rId1" Type="` + relType + `officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
			`<Relationship Id="rId3" Type="` + relType + `custom-properties" Target="docProps/custom.xml"/>`)},
		{"docProps/core.xml", l.core()},
		{"docProps/custom.xml", l.custom()},
		{"word/_rels/document.xml.rels", rels(`<Relationship Id="rId1" Type="` + relType + `styles" Target="styles.xml"/>` +
			`<Relationship Id="rId2" Type="` + relType + `footer" Target="footer1.xml"/>` +
			`<Relationship Id="rId3" Type="` + relType + `settings" Target="settings.xml"/>` +
			`<Relationship Id="rId4" Type="` + relType + `fontTable" Target="fontTable.xml"/>`)},
		{"word/document.xml", "<w:document " + nsMain + "><w:body>" + body + section + "</w:body></w:document>"},
		{"word/fontTable.xml", "<w:fonts " + nsMain + ">" + font("仿宋", "FangSong") + font("宋体", "SimSun") +
			font("Mongolian Baiti", "Noto Sans Mongolian") + "</w:fonts>"},
		{"word/footer1.xml", "<w:ftr " + nsMain + ">" + footer + "</w:ftr>"},
		{"word/settings.xml", "<w:settings " + nsMain + `><w:characterSpacingControl w:val="compressPunctuation"/>` +
			`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
			`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`},
		{"word/styles.xml", styles},
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, fmt.Errorf("document archive: %w", err)
		}
		if _, err := w.Write([]byte(xmlHeader + p.body)); err != nil {
			return nil, fmt.Errorf("document archive: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("document archive: %w", err)
	}
	return out.Bytes(), nil
}

// font names another font for a machine that lacks the first: a Mongolian word set in whatever is at hand may come apart.
func font(name, other string) string {
	return `<w:font w:name="` + name + `"><w:altName w:val="` + other + `"/></w:font>`
}

func rels(s string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + s + `</Relationships>`
}

var section = fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="%d" w:h="%d"/>`+
	`<w:pgMar w:top="1304" w:right="%d" w:bottom="1247" w:left="%d" w:header="680" w:footer="680" w:gutter="0"/></w:sectPr>`,
	pageWidth, pageHeight, (pageWidth-textWidth)/2, (pageWidth-textWidth)/2)

// The document's own font is 仿宋 12 pt; everything else is set where it stands.
const styles = `<w:styles ` + nsMain + `><w:docDefaults><w:rPrDefault><w:rPr>` +
	`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" w:cs="Times New Roman"/>` +
	`<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
	`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style></w:styles>`

func (l label) core() string {
	at := l.at
	if at.IsZero() {
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	stamp := at.UTC().Format("2006-01-02T15:04:05Z")
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + escape(clean(l.title)) +
		`</dc:title><dc:creator>heshi</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">` + stamp +
		`</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:modified></cp:coreProperties>`
}

func (l label) custom() string {
	out := `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">`
	for i, kv := range [][2]string{{"AIGC", "人工智能辅助生成"}, {"AIGC-Provider", l.provider}, {"AIGC-ContentID", l.number}} {
		out += fmt.Sprintf(`<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="%d" name="%s"><vt:lpwstr>%s</vt:lpwstr></property>`, i+2, kv[0], escape(clean(kv[1])))
	}
	return out + `</Properties>`
}
