package dev.yammap.consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uses the starter for tests.
 */
@SpringBootTest
@AutoConfigureMappedFiles
class ConsumerTests {

	@Autowired
	private Mmap journal;

	@Test
	void filesOfATestAreElsewhere() {
		assertThat(this.journal.path().toString()).doesNotContain("consumer");
		assertThat(this.journal.size()).isZero();
	}

}
