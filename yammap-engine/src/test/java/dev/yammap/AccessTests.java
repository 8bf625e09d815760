package dev.yammap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * {@link Mmap#access}.
 */
class AccessTests extends AbstractMmapTests {

	@Test
	void functionSeesTheRangeAndItsResultIsReturned() throws IOException {
		byte[] content = random(10_000, 1);
		Mmap file = openReadWrite(content);
		byte[] copy = file.access(4_000, 5_000, (view) -> view.toArray(ValueLayout.JAVA_BYTE));
		assertThat(copy).isEqualTo(Arrays.copyOfRange(content, 4_000, 9_000));
		assertThat(file.access(0, 10_000, MemorySegment::byteSize)).isEqualTo(10_000);
		assertThat(file.access(10_000, 0, MemorySegment::byteSize)).isZero();
	}

	@Test
	void functionIsCalledOnceOnTheCallingThread() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		AtomicInteger calls = new AtomicInteger();
		Thread thread = file.access(0, 100, (view) -> {
			calls.incrementAndGet();
			return Thread.currentThread();
		});
		assertThat(thread).isSameAs(Thread.currentThread());
		assertThat(calls).hasValue(1);
	}

	@Test
	void binarySearchFindsWhatIsThere() throws IOException {
		Mmap file = openReadWrite(new byte[8 * 10_000]);
		for (int i = 0; i < 10_000; i++) {
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, 3L * i);
		}
		assertThat(file.<Integer, RuntimeException>access(0, file.size(), (view) -> search(view, 2_997)))
			.isEqualTo(999);
		assertThat(file.<Integer, RuntimeException>access(0, file.size(), (view) -> search(view, 2_998))).isEqualTo(-1);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1", "0, -1", "0, 101", "100, 1", "101, 0", "99, 2", "9223372036854775807, 1",
			"1, 9223372036854775807", "-9223372036854775808, 1" })
	void rangeOutsideTheFileIsRefused(long offset, long length) throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		AtomicInteger calls = new AtomicInteger();
		assertThatIndexOutOfBoundsException()
			.isThrownBy(() -> file.access(offset, length, (view) -> calls.incrementAndGet()));
		assertThat(calls).hasValue(0);
	}

	@Test
	void whatTheFunctionThrowsIsPassedOnAsItIs() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		RuntimeException problem = new IllegalArgumentException("of the function");
		assertThatException().isThrownBy(() -> file.access(0, 100, (view) -> {
			throw problem;
		})).isSameAs(problem);
		InternalError error = new InternalError("of the function");
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> file.access(0, 100, (view) -> {
			throw error;
		})).isSameAs(error);
		assertThatIndexOutOfBoundsException()
			.isThrownBy(() -> file.access(0, 100, (view) -> view.get(ValueLayout.JAVA_BYTE, 100)));
		assertThat(file.<Byte, RuntimeException>access(0, 100, (view) -> view.get(ValueLayout.JAVA_BYTE, 99))).isZero();
	}

	@Test
	void checkedExceptionOfTheFunctionIsPassedOnAsItIs() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		IOException problem = new IOException("of the function");
		assertThatException().isThrownBy(() -> file.access(0, 100, (view) -> failing(view, problem))).isSameAs(problem);
		TimeoutException timeout = new TimeoutException("of the function");
		assertThatException().isThrownBy(() -> file.access(0, 100, (view) -> failing(view, timeout))).isSameAs(timeout);
		assertThat(file.isOpen()).isTrue();
	}

	private static <X extends Exception> long failing(MemorySegment view, X problem) throws X {
		if (view.byteSize() > 0) {
			throw problem;
		}
		return 0;
	}

	@Test
	void functionThatClosesTheFileFindsItClosed() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.access(0, 100, (view) -> {
			close(file);
			return view.get(ValueLayout.JAVA_BYTE, 0) == 0;
		}));
		assertThat(file.isOpen()).isFalse();
	}

	@Test
	void illegalStateOfTheFunctionIsPassedOnAsItIs() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		IllegalStateException problem = new IllegalStateException("of the function");
		assertThatIllegalStateException().isThrownBy(() -> file.access(0, 100, (view) -> {
			throw problem;
		})).isSameAs(problem);
	}

	private static void close(Mmap file) {
		try {
			file.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void functionMayUseTheFile() throws IOException {
		Mmap file = openReadWrite(filled(100, 1));
		int sum = file.access(0, 50, (view) -> {
			file.set(ValueLayout.JAVA_BYTE, 3, (byte) 5);
			return view.get(ValueLayout.JAVA_BYTE, 3) + readAt(file, 1, 99)[0];
		});
		assertThat(sum).isEqualTo(6);
		Long size = file.access(0, 50, (view) -> {
			try {
				file.truncate(SOME_PAGES);
				file.sync();
				return file.access(100, 100, (inner) -> inner.byteSize() + view.byteSize());
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(size).isEqualTo(150);
	}

	@Test
	void viewIsReadOnlyWhereTheFileIs() throws IOException {
		Mmap file = open(write(new byte[100]));
		assertThat(file.access(0, 100, MemorySegment::isReadOnly)).isTrue();
	}

	private static int search(MemorySegment view, long key) {
		int low = 0;
		int high = (int) (view.byteSize() / 8) - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			long value = view.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * middle);
			if (value == key) {
				return middle;
			}
			if (value < key) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return -1;
	}

	@Test
	void errorOfTheRepeatedFunctionIsPassedOnAsItIs() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		shortenFromOutside(100);
		AtomicInteger calls = new AtomicInteger();
		InternalError error = new InternalError("of the function");
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> file.access(100_000, 1, (view) -> {
			if (calls.incrementAndGet() > 1) {
				throw error;
			}
			return view.get(ValueLayout.JAVA_BYTE, 0);
		})).isSameAs(error);
		assertThat(calls).hasValue(2);
	}

}
