package dev.tandem.webhook.inject;

/**
 * Moves the encoder's side channel out of the way: its default 5601 is also the NIXL side channel
 * of the second data-parallel engine.
 */
final class EncoderSideChannel implements Rule {

  @Override
  public String name() {
    return "encoder-side-channel";
  }

  @Override
  public String condition() {
    return "--ec-transfer-config present, variables absent";
  }

  @Override
  public String reason() {
    return "with two data-parallel engines two listeners want port 5601";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().completesArguments() && draft.commandLine().has("--ec-transfer-config")) {
      int behind = draft.plan().ports().sideChannels().getLast() + 1;
      draft.variable(this, "VLLM_EC_SIDE_CHANNEL_HOST", PodAddress.REFERENCE);
      draft.variable(this, "VLLM_EC_SIDE_CHANNEL_PORT", Integer.toString(behind));
    }
  }
}
