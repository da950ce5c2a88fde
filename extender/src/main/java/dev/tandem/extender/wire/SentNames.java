package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.extender.decide.Utf8Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Names of a call as they came in: counted, and made Strings only if somebody looks at one, since
 * thousands of them become numbers or go back as they are. Safe for many threads.
 */
final class SentNames extends AbstractList<String> implements RandomAccess, Utf8Names {
  private final JsonFactory json;
  private final RawJson sent;
  private final int size;
  private volatile @Nullable List<String> read;

  /**
   * @param sent a JSON list of strings
   * @param size how many it holds
   */
  SentNames(JsonFactory json, RawJson sent, int size) {
    this.json = json;
    this.sent = sent;
    this.size = size;
  }

  @Override
  public String get(int index) {
    List<String> names = read;
    if (names == null) {
      names = names();
      read = names;
    }
    return names.get(index);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void each(Reader reader) {
    int shown = sent.plainStrings(reader);
    // Names of nodes have no escapes; a list that has one anywhere is read by the book from there.
    for (int i = shown; i < size; i++) {
      byte[] name = get(i).getBytes(StandardCharsets.UTF_8);
      reader.name(name, 0, name.length);
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(size);
    sent.plainStrings(
        (in, from, to) -> names.add(new String(in, from, to - from, StandardCharsets.UTF_8)));
    return names.size() == size ? names : escaped();
  }

  private List<String> escaped() {
    List<String> names = new ArrayList<>(size);
    try (JsonParser in = json.createParser(sent.text())) {
      in.nextToken();
      while (in.nextToken() == JsonToken.VALUE_STRING) {
        names.add(in.getText());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a list that was read before", e);
    }
    return names;
  }
}
