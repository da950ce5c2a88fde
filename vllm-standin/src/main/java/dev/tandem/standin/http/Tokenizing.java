package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.EngineConfig;
import dev.tandem.standin.tokens.Tokens;

/** {@code /tokenize} and {@code /detokenize}. */
record Tokenizing(EngineConfig config) {
  ObjectNode tokenize(byte[] body) throws RequestError {
    Fields fields = new Fields(Json.object(body));
    new Names(config.model()).lora(fields.text("model"));
    int[] tokens =
        fields.get("messages") != null
            ? PromptText.chat(fields)
            : Tokens.of(required(fields, "prompt"));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("count", tokens.length);
    answer.put("max_model_len", config.model().maxModelLen());
    ArrayNode list = answer.putArray("tokens");
    for (int token : tokens) {
      list.add(Integer.toUnsignedLong(token));
    }
    if (fields.flag("return_token_strs")) {
      ArrayNode strings = answer.putArray("token_strs");
      for (int token : tokens) {
        strings.add(Tokens.text(new int[] {token}));
      }
    } else {
      answer.putNull("token_strs");
    }
    return answer;
  }

  ObjectNode detokenize(byte[] body) throws RequestError {
    Fields fields = new Fields(Json.object(body));
    new Names(config.model()).lora(fields.text("model"));
    if (!(fields.get("tokens") instanceof ArrayNode tokens)) {
      throw new RequestError(400, "Bad Request", "tokens: Field required, a list", "tokens");
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("prompt", Tokens.text(PromptText.ids("tokens", tokens)));
    return answer;
  }

  private static String required(Fields fields, String name) throws RequestError {
    String text = fields.text(name);
    if (text == null) {
      throw new RequestError(400, "Bad Request", name + ": Field required", name);
    }
    return text;
  }
}
