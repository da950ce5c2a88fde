package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.webhook.http.AdmissionWire.Incoming;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.Injector;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * From the bytes of a request to those of its answer, without a server, and what must hold then.
 */
final class ReviewPath {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<OwnerEvent> events = new ArrayList<>();
  private final PodEvents reviews =
      new PodEvents(new PodReviews(new Injector(InjectionConfig.DEFAULT)), events::add);

  /** Fails, or throws what was thrown, where these bytes are not answered as any must be. */
  void check(byte[] body, String about) throws IOException {
    switch (AdmissionWire.read(body)) {
      case Incoming.Unreadable(String message) -> {
        assertThat(message).as(about).isNotBlank();
        response(AdmissionWire.refused(400, message));
      }
      case Incoming.Review(AdmissionRequest request) -> answered(request, about);
    }
  }

  private void answered(AdmissionRequest request, String about) throws IOException {
    JsonNode response = response(AdmissionWire.answer(request.uid(), reviews.apply(request)));
    assertThat(response.path("uid").asText()).as(about).isEqualTo(request.uid());
    assertThat(response.path("warnings"))
        .as(about)
        .hasSizeLessThanOrEqualTo(AdmissionWire.MOST_WARNINGS)
        .allMatch(warning -> fits(warning.asText(), AdmissionWire.WARNING_CHARACTERS));
    if (response.has("patch")) {
      byte[] patch = Base64.getDecoder().decode(response.path("patch").asText());
      JsonPatch.apply(JSON.readTree(patch), request.object());
    }
    if (!response.path("allowed").asBoolean()) {
      assertThat(response.at("/status/message").asText()).as(about).isNotBlank();
    }
    assertThat(events)
        .as(about)
        .allMatch(event -> fits(event.message(), OwnerEvent.MOST_CHARACTERS));
    events.clear();
  }

  private static boolean fits(String text, int most) {
    return text.codePointCount(0, text.length()) <= most;
  }

  /** As the API server reads it: strictly UTF-8, one object. */
  private static JsonNode response(byte[] answer) throws IOException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer)).toString();
    JsonNode review = JSON.readTree(text);
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    return review.path("response");
  }
}
