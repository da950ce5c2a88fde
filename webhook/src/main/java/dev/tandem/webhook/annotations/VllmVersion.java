package dev.tandem.webhook.annotations;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A vLLM release. Pre-releases count as the release before: {@code 0.18.0rc1} as 0.17. */
public record VllmVersion(int major, int minor, int patch) implements Comparable<VllmVersion> {

  private static final Pattern FORM =
      Pattern.compile("v?([0-9]{1,4})\\.([0-9]{1,4})(?:\\.([0-9]{1,4}))?(?:\\.[0-9]{1,4})?(.*)");

  /** Suffixes of the same release: post releases, local builds, variants such as -x86_64. */
  private static final Pattern SAME_RELEASE = Pattern.compile("((\\.post|[-+_])[A-Za-z0-9.+_-]*)?");

  private static final Pattern PRE_RELEASE = Pattern.compile("[.-]?(rc|dev|a|b)[0-9]*.*");

  /** Tags that name vLLM's version beside others, e.g. {@code rocm6.4_vllm_0.9.1}. */
  private static final Pattern NAMED = Pattern.compile("vllm[_-]v?([0-9]+\\.[0-9]+\\.[0-9]+)");

  private static final Comparator<VllmVersion> ORDER =
      Comparator.comparingInt(VllmVersion::major)
          .thenComparingInt(VllmVersion::minor)
          .thenComparingInt(VllmVersion::patch);

  /** The release written as {@code text}; null where it is none. */
  public static @Nullable VllmVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    String rest = matcher.group(4);
    if (SAME_RELEASE.matcher(rest).matches()) {
      return new VllmVersion(major, minor, patch);
    }
    if (!PRE_RELEASE.matcher(rest).matches()) {
      return null;
    }
    return patch > 0
        ? new VllmVersion(major, minor, patch - 1)
        : new VllmVersion(major, Math.max(0, minor - 1), 0);
  }

  /**
   * As {@link #parse}, for what an installation is told.
   *
   * @throws IllegalArgumentException where it is no version
   */
  public static VllmVersion of(String text) {
    VllmVersion version = parse(text);
    if (version == null) {
      throw new IllegalArgumentException(
          "vLLM version: \"%s\": accepted is a version such as 0.26.0".formatted(text));
    }
    return version;
  }

  /**
   * The release an image's tag proves. Only images that are tagged with vLLM's own version count:
   * {@code vllm-openai} from vLLM or a mirror of it, and tags that name vLLM. The tags of llm-d,
   * LMCache and vendors are versions of their own.
   */
  public static @Nullable VllmVersion ofImage(String image) {
    String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = name.lastIndexOf(':');
    if (colon <= name.lastIndexOf('/')) {
      return null;
    }
    String tag = name.substring(colon + 1);
    String repository = name.substring(0, colon).toLowerCase(Locale.ROOT);
    Matcher named = NAMED.matcher(tag);
    if (named.find()) {
      return parse(named.group(1));
    }
    String last = repository.substring(repository.lastIndexOf('/') + 1);
    boolean ours = last.startsWith("vllm-openai") && !repository.contains("lmcache");
    return ours ? parse(tag) : null;
  }

  /** Whether this release is {@code other} or later. */
  public boolean atLeast(VllmVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(VllmVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
