package dev.tandem.webhook.annotations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpeculationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'method':'ngram','num_speculative_tokens':3}",
        "{'method':'ngram','num_speculative_tokens':3,'prompt_lookup_min':2,'prompt_lookup_max':2}",
        "{'model':'[ngram]','num_speculative_tokens':3}",
        "{'model':'org/draft','num_speculative_tokens':3,'draft_tensor_parallel_size':1}",
        "{'method':'eagle3','model':'org/head'}",
        "{'method':'mtp','num_speculative_tokens':1}",
        "{'method':'qwen3_next_mtp','num_speculative_tokens':2}",
        "{'method':'suffix','suffix_decoding_max_cached_requests':0}",
        "{'method':'ngram','num_speculative_tokens':2,'rejection_sample_method':'synthetic',"
            + "'synthetic_acceptance_rates':[0.9,0.4]}",
        "{'method':'ngram','num_speculative_tokens':2,'quantization':null}"
      })
  void whatVllmTakesIsAccepted(String json) {
    assertThat(problems(json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'method':'eagel','model':'m'}                              | method",
        "{'num_speculative_tokens':3}                                | method",
        "{'method':7,'num_speculative_tokens':3}                     | method",
        "{'method':'ngram'}                                          | num_speculative_tokens",
        "{'method':'ngram','num_speculative_tokens':0}               | num_speculative_tokens",
        "{'method':'ngram','num_speculative_tokens':'3'}             | num_speculative_tokens",
        "{'method':'mtp'}                                            | num_speculative_tokens",
        "{'method':'eagle','num_speculative_tokens':3}               | model",
        "{'method':'ngram','num_speculative_tokens':3,'prompt_lookup_min':4,'prompt_lookup_max':2} | prompt_lookup_max",
        "{'method':'suffix','tensor_parallel_size':2}                | tensor_parallel_size",
        "{'method':'suffix','num_speculativ_tokens':2}               | num_speculativ_tokens",
        "{'method':'suffix','enforce_eager':'true'}                  | enforce_eager",
        "{'method':'suffix','suffix_decoding_min_token_prob':1.5}    | suffix_decoding_min_token_prob",
        "{'method':'suffix','draft_sample_method':'random'}          | draft_sample_method",
        "{'method':'suffix','rejection_sample_method':'typical'}     | rejection_sample_method",
        "{'method':'suffix','rejection_sample_method':'synthetic'}   | rejection_sample_method",
        "{'method':'suffix','synthetic_acceptance_length':2}         | rejection_sample_method",
        "{'method':'suffix','num_speculative_tokens':2,'rejection_sample_method':'synthetic','synthetic_acceptance_rates':[0.4,0.9]} | synthetic_acceptance_rates",
        "{'method':'suffix','num_speculative_tokens_per_batch_size':[[1,2]]} | num_speculative_tokens_per_batch_size",
        "{'method':'suffix','use_heterogeneous_vocab':true}          | use_heterogeneous_vocab",
        "{'method':'suffix','enable_adaptive_verification':true}     | enable_adaptive_verification",
        "{'method':'suffix','draft_load_config':'auto'}              | draft_load_config",
      })
  void whatVllmWouldExitOnIsNamed(String json, String key) {
    assertThat(problems(json)).singleElement().asString().startsWith(key + ": ");
  }

  @Test
  void aDraftIsSpreadOverOneGpuOrAllOfThem() {
    Speculation two = speculation("{'model':'d','draft_tensor_parallel_size':2}");
    assertThat(two.againstTensorParallel(2)).isNull();
    assertThat(two.againstTensorParallel(4)).isNotNull();
    assertThat(speculation("{'model':'d'}").draftTensorParallel(4)).isEqualTo(4);
  }

  private static List<String> problems(String json) {
    return speculation(json).problems().stream().map(Problem::value).toList();
  }

  private static Speculation speculation(String json) {
    return Objects.requireNonNull(Speculation.parse(json.replace('\'', '"')), json);
  }
}
