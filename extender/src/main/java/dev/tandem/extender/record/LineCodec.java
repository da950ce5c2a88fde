package dev.tandem.extender.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * Lines to JSON and back. Unknown fields are passed over and absent ones are empty, so that
 * recordings of other versions can be read. Immutable.
 */
final class LineCodec {
  private final ObjectMapper json =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(Duration.class, new DurationOut())
                  .addDeserializer(Duration.class, new DurationIn()))
          .build();

  /** The line's bytes, without the line break. */
  byte[] write(Line line) throws JsonProcessingException {
    return json.writeValueAsBytes(line);
  }

  /**
   * The line these bytes stand for.
   *
   * @throws DamagedLine if they stand for none
   */
  Line read(byte[] bytes, int length) throws DamagedLine {
    try {
      Line line = json.readerFor(Line.class).readValue(bytes, 0, length);
      if (line == null) {
        throw new DamagedLine("null; accepted: a JSON object with a field e");
      }
      return line;
    } catch (JsonProcessingException e) {
      throw new DamagedLine(e.getOriginalMessage().lines().findFirst().orElse("not JSON"), e);
    } catch (IOException | RuntimeException e) {
      throw new DamagedLine(String.valueOf(e.getMessage()), e);
    }
  }

  private static final class DurationOut extends StdSerializer<Duration> {
    private static final long serialVersionUID = 1L;

    DurationOut() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class DurationIn extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    DurationIn() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        return (Duration)
            context.handleWeirdStringValue(Duration.class, text, "accepted: as PT15S");
      }
    }
  }
}
