package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
    "::1, ::1, true",
    "0.0.0.0/0, ::1, false",
    "10.0.0.0/8, example.com, false",
    "10.0.0.0/8, '', false"
  })
  void anAddressLiesInARangeThatSharesItsFirstBits(String range, String address, boolean within) {
    assertThat(new AddressRange(range).contains(address)).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8x", "::/129", "1"})
  void anythingElseIsRefusedWithWhatWouldBeAccepted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AddressRange(text))
        .withMessage(
            "address range '%s'; accepted: an address or a range such as 10.0.0.0/8", text);
  }
}
