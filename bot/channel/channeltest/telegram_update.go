package channeltest

import (
	"encoding/json"
	"fmt"
	"time"
)

// TelegramUpdate is it as the Bot API would deliver it, from the private chat with user.
func TelegramUpdate(it Item, user int64) string {
	from := map[string]any{"id": user, "is_bot": false, "first_name": "Туяа", "language_code": "zh-hans"}
	chat := map[string]any{"id": user, "type": "private", "first_name": "Туяа"}
	m := map[string]any{"message_id": 100 + it.N, "date": time.Now().Unix(), "from": from, "chat": chat}
	file := fmt.Sprintf("file%d", it.N)
	switch it.Kind {
	case Text:
		m["text"] = it.Text
	case Button:
		return telegramJSON(map[string]any{"update_id": 8000 + it.N, "callback_query": map[string]any{
			"id": fmt.Sprintf("cq%d", it.N), "from": from, "chat_instance": "1", "data": it.Button,
			"message": map[string]any{"message_id": 99, "date": time.Now().Unix(), "chat": chat, "text": "?"}}})
	case Photo:
		m["caption"] = it.Text
		m["photo"] = []any{
			map[string]any{"file_id": file + "s", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 900},
			map[string]any{"file_id": file, "file_unique_id": "b", "width": 1280, "height": 960, "file_size": 90000},
			map[string]any{"file_id": file + "m", "file_unique_id": "m", "width": 320, "height": 240, "file_size": 9000}}
	case Voice:
		m["caption"] = it.Text
		m["voice"] = map[string]any{"file_id": file, "file_unique_id": "v", "duration": 4, "mime_type": "audio/ogg", "file_size": 20000}
	case Location:
		m["location"] = map[string]any{"latitude": it.Lat, "longitude": it.Lon}
	case Contact:
		m["contact"] = map[string]any{"phone_number": it.Phone, "first_name": it.Name, "user_id": user}
	case Unsupported:
		m["sticker"] = map[string]any{"file_id": file, "file_unique_id": "x", "type": "regular", "width": 512, "height": 512,
			"is_animated": false, "is_video": false, "emoji": "🙏"}
	}
	return telegramJSON(map[string]any{"update_id": 8000 + it.N, "message": m})
}

func telegramJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error() // only for values that cannot be JSON, and ours can
	}
	return string(raw)
}
