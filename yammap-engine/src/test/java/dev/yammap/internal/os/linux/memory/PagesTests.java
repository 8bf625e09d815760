package dev.yammap.internal.os.linux.memory;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link Pages}.
 */
class PagesTests {

	private final Pages pages = new Pages(4096);

	@Test
	void floorIsTheStartOfThePage() {
		assertThat(this.pages.floor(0)).isZero();
		assertThat(this.pages.floor(4095)).isZero();
		assertThat(this.pages.floor(4096)).isEqualTo(4096);
		assertThat(this.pages.floor(4097)).isEqualTo(4096);
	}

	@Test
	void ceilIsTheNextPageUnlessOneStartsThere() {
		assertThat(this.pages.ceil(0)).isZero();
		assertThat(this.pages.ceil(1)).isEqualTo(4096);
		assertThat(this.pages.ceil(4096)).isEqualTo(4096);
		assertThat(this.pages.ceil(4097)).isEqualTo(8192);
	}

	@Test
	void ceilDoesNotOverflow() {
		assertThat(this.pages.ceil(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 4095);
		assertThat(this.pages.ceil(Long.MAX_VALUE - 4095)).isEqualTo(Long.MAX_VALUE - 4095);
		assertThat(this.pages.ceil(Long.MAX_VALUE - 4096)).isEqualTo(Long.MAX_VALUE - 4095);
	}

	@Test
	void sizeThatIsNoPowerOfTwoIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Pages(4095));
		assertThatIllegalArgumentException().isThrownBy(() -> new Pages(0));
	}

}
