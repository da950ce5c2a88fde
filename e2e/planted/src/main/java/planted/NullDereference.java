package planted;

import org.jspecify.annotations.Nullable;

final class NullDereference {

  private NullDereference() {}

  static int length(@Nullable String text) {
    return text.length();
  }
}
