package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/caselib"
	"heshi/intake"
)

var at = time.Date(2026, 3, 5, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

var loaded = sync.OnceValues(func() (*intake.Book, *caselib.Library) {
	book, err := intake.LoadBook(intake.Embedded())
	if err != nil {
		panic(err)
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		panic(err)
	}
	return book, lib.Published()
})

// shelf is what every test needs; both are read-only and read once.
func shelf(t testing.TB) (*intake.Book, *caselib.Library) {
	t.Helper()
	return loaded()
}

func answers(kv ...string) map[string]intake.Answer {
	out := map[string]intake.Answer{}
	for i := 0; i+1 < len(kv); i += 2 {
		out[kv[i]] = intake.Answer{Value: kv[i+1], Source: intake.Confirmed, At: at}
	}
	return out
}

// mediation is a dispute about grassland rent, as far as it comes: applied, accepted, talked over and agreed.
func mediation(t testing.TB) Data {
	book, lib := shelf(t)
	s := intake.Session{Form: intake.Mediation, Version: 1, Modules: []string{"M-GRASS"}, Types: []string{"D07-03"}, Lang: "zh-Hans", Stage: intake.Submitted,
		Answers: answers("a_type", option(t, book, "a_type", "个人"), "a_name", "乌云·其其格", "a_sex", option(t, book, "a_sex", "女"),
			"a_ethnic", option(t, book, "a_ethnic", "蒙古族"), "a_id", "15250219850312102X", "a_job", "牧民", "a_phone", "13800138000",
			"a_addr_region", "152502", "a_addr_village", "巴彦嘎查", "agent_has", option(t, book, "agent_has", "没有"),
			"who_for", option(t, book, "who_for", "本人"), "safe_now", option(t, book, "safe_now", "安全"), "contact_pref", option(t, book, "contact_pref", "电话"),
			"d_type", "D07-03", "d_place_region", "152502", "d_date_start", "2025-04-01/2025-10-31",
			"d_facts", "2025年4月，我把一块打草场口头租给对方用一年，说好租金20000元，秋天一次给清。对方打完草以后只给了5000元，剩下的一直说没有钱。我去要过三次，微信里他都认账。",
			"d_amount", "1500000", "safety_q", option(t, book, "safety_q", "不担心"))}
	s.Answers["r_list"] = intake.Answer{Values: []string{"巴特尔"}, Source: intake.Confirmed, At: at}
	s.Answers["d_claims"] = intake.Answer{Values: []string{"请求给付剩余租金15000元", "请求写明给付的日期"}, Source: intake.Confirmed, At: at}
	s.Answers["d_date_know"] = intake.Answer{Unknown: true, Source: intake.Confirmed, At: at}
	m := intake.Matter{ID: "m1", No: "2026-DEMO01-0012", Kind: intake.ForMediation, Status: intake.Agreed, Form: intake.Mediation, Session: s,
		Types: s.Types, Region: "152502", Parties: []intake.Party{{Role: "applicant", Name: "乌云·其其格"}, {Role: "respondent", Name: "巴特尔", Kind: "person"}},
		Evidence: []intake.Evidence{
			{Items: []intake.Attachment{{Kind: "photo", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}, {Kind: "photo"}}, Note: "微信聊天截图", From: "applicant", At: at},
			{Items: []intake.Attachment{{Kind: "voice", Name: "通话录音"}}, At: at}},
		Clocks: []intake.Deadline{{ID: "DL010", Name: "诉讼时效", Due: "2028-10-31", Phrase: "一般三年，从知道权利受损之日起算。"}}, Created: at, Updated: at}
	return Data{Book: book, Library: lib, Matter: m, At: at, Draft: 1, Provider: "演示机构",
		Office:      intake.Office{ID: "o", Code: "DEMO01", Name: "演示机构·锡林浩特市人民调解委员会"},
		Respondents: []Person{{Name: "巴特尔", Sex: "男", Phone: "13900139000", Address: "锡林浩特市某苏木"}},
		Terms: []Term{{Debtor: "巴特尔", Creditor: "乌云·其其格", Subject: "草场租金", Fen: 1000000, Mode: "银行转账", Due: "2026-04-30"},
			{Text: "剩余租金5000元，巴特尔于2026年6月30日前以转账方式一次付清。", Debtor: "巴特尔", Creditor: "乌云·其其格", Subject: "剩余租金", Fen: 500000, Mode: "银行转账", Due: "2026-06-30"}},
		Staff: map[string]string{"f_mediators": "演示调解员甲", "f_receipt": "2026-03-01T09:30", "f_accept": option(t, book, "f_accept", "受理"),
			"f_session_log": "双方各自说明情况后，调解员向双方讲解了租赁合同的有关规定。经协商，对方提出分两次付清，申请人同意。",
			"f_result":      option(t, book, "f_result", "达成书面协议"), "f_agr_effective": "2026-03-05", "f_jc_deadline": "2026-04-04", "doc_no": "（2026）演人调字第12号",
			"rec_no": "1", "rec_time": "2026-03-05T09:00", "rec_place": "调委会办公室", "rec_clerk": "演示记录员乙", "rec_told": "已告知调解的性质、原则、效力和双方的权利义务。",
			"rec_respondent": "租金的事属实，今年草料卖得不好，一次拿不出来。", "rec_focus": "剩余租金什么时候、怎样给付。", "agr_copies": "三", "agr_duty": "被申请人对欠付租金没有异议。",
			"f_accept_reason": option(t, book, "f_accept_reason", "已起诉仲裁"), "f_end_reason": option(t, book, "f_end_reason", "协商不成"),
			"next_route": "可以向有管辖权的人民法院起诉。", "f_perf": option(t, book, "f_perf", "部分履行"), "f_follow": "第一笔10000元已经按期转账。",
			"visit_no": "1", "visit_date": "2026-05-06", "visit_who": "乌云·其其格", "visit_by": "演示调解员甲", "visit_again": "没有。"}}
}

// option is the id of the option with a label; a form whose words changed breaks the test, not the paper.
func option(t testing.TB, b *intake.Book, field, label string) string {
	t.Helper()
	f, ok := b.Field(field)
	if !ok {
		t.Fatalf("no field %s", field)
	}
	for _, o := range f.Options {
		if o.Label == label {
			return o.ID
		}
	}
	t.Fatalf("%s has no option %s", field, label)
	return ""
}

// legalAid is a migrant worker's claim for pay.
func legalAid(t testing.TB) Data {
	book, lib := shelf(t)
	s := intake.Session{Form: intake.LegalAid, Version: 1, Types: []string{"D10-01"}, Stage: intake.Submitted,
		Answers: answers("a_type", option(t, book, "a_type", "个人"), "a_name", "王小明", "a_phone", "13800138000", "a_id", "150102199003078515",
			"who_for", option(t, book, "who_for", "本人"), "safe_now", option(t, book, "safe_now", "安全"), "contact_pref", option(t, book, "contact_pref", "电话"),
			"d_type", "D10-01", "la_scope", "LM5", "la_facts", "去年三月到九月在工地干活，工头欠我工资没有给。", "la_demand", "要回工资", "la_opponent", "某建筑公司",
			"la_addr", "150102", "ec_members", "4", "ec_income", "320000", "lb_claim", "2380000")}
	m := intake.Matter{ID: "m2", No: "2026-DEMO04-0003", Kind: intake.ForLegalAid, Form: intake.LegalAid, Session: s, Types: s.Types, Created: at,
		Parties: []intake.Party{{Role: "applicant", Name: "王小明"}, {Role: "respondent", Name: "某建筑公司", Kind: "org"}}}
	return Data{Book: book, Library: lib, Matter: m, At: at, Draft: 1, Office: intake.Office{ID: "la", Name: "演示机构·呼和浩特市法律援助中心"}}
}

func sample(t testing.TB, kind Kind) Data {
	about, err := Describe(kind)
	if err != nil {
		t.Fatal(err)
	}
	if about.For == intake.ForLegalAid {
		return legalAid(t)
	}
	return mediation(t)
}

// read takes a paper apart again: every part must be well-formed XML; the answer is the text of the body, one line for
// a paragraph, and of the footer.
func read(t testing.TB, raw []byte) (body, footer string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, f.Name, content)
		switch f.Name {
		case "word/document.xml":
			body = text
		case "word/footer1.xml":
			footer = text
		}
	}
	return body, footer
}

func textOf(t testing.TB, name string, content []byte) string {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(content))
	var b strings.Builder
	inText := false
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%s is not well-formed: %v", name, err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "t"
			if x.Name.Local == "br" {
				b.WriteString("\n")
			}
		case xml.EndElement:
			inText = false
			switch x.Name.Local {
			case "p":
				b.WriteString(" ")
			case "tc":
				b.WriteString("|")
			case "tr":
				b.WriteString("\n")
			}
			if x.Name.Local == "p" && b.Len() > 0 {
				b.WriteString("\n")
			}
		case xml.CharData:
			if inText {
				b.Write(x)
			}
		}
	}
}
