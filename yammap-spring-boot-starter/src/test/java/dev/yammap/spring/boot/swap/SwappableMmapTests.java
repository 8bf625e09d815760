package dev.yammap.spring.boot.swap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapAtomics;
import dev.yammap.Whence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SwappableMmap}.
 */
class SwappableMmapTests {

	// These have tests of their own.
	private static final Set<String> ANSWERED_HERE = Set.of("isOpen", "close", "channel", "segment", "atomics");

	static Stream<Method> methods() {
		return Arrays.stream(Mmap.class.getMethods())
			.filter((method) -> !Modifier.isStatic(method.getModifiers()))
			.filter((method) -> !ANSWERED_HERE.contains(method.getName()));
	}

	@ParameterizedTest
	@MethodSource("methods")
	void everyCallIsHandedOnAsItIs(Method method) throws ReflectiveOperationException {
		List<Object> calls = new ArrayList<>();
		Object result = value(method.getReturnType());
		Mmap version = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, called, arguments) -> {
					calls.add(called.getName());
					calls.addAll((arguments != null) ? Arrays.asList(arguments) : List.of());
					return called.getName().equals(method.getName()) ? result : value(called.getReturnType());
				});
		Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::value).toArray();
		Object returned = method.invoke(new SwappableMmap(new FileVersions(version), new SwappableEvents(),
				SyncObserver.NONE, Mmap.builder(Path.of("unused"))), arguments);
		assertThat(returned).isEqualTo(result);
		assertThat(calls).startsWith(method.getName());
		assertThat(calls.subList(1, calls.size())).containsSubsequence(arguments);
	}

	static Stream<Method> atomics() {
		return Arrays.stream(MmapAtomics.class.getMethods());
	}

	@ParameterizedTest
	@MethodSource("atomics")
	void everyAtomicCallIsOneOfTheCurrentVersion(Method method) throws ReflectiveOperationException {
		List<Object> calls = new ArrayList<>();
		Object result = value(method.getReturnType());
		MmapAtomics atomics = (MmapAtomics) Proxy.newProxyInstance(Mmap.class.getClassLoader(),
				new Class<?>[] { MmapAtomics.class }, (proxy, called, arguments) -> {
					calls.add(called.getName());
					calls.addAll(Arrays.asList(arguments));
					return result;
				});
		Mmap version = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class }, (proxy,
				called, arguments) -> called.getName().equals("atomics") ? atomics : value(called.getReturnType()));
		Mmap file = new SwappableMmap(new FileVersions(version), new SwappableEvents(), SyncObserver.NONE,
				Mmap.builder(Path.of("unused")));
		Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::value).toArray();
		assertThat(method.invoke(file.atomics(), arguments)).isEqualTo(result);
		assertThat(calls).startsWith(method.getName());
		assertThat(calls.subList(1, calls.size())).containsExactly(arguments);
		assertThat(file.atomics()).isSameAs(file.atomics());
	}

	// Each one differs from what an empty answer would be.
	private @Nullable Object value(Class<?> type) {
		if (type == Object.class) {
			return "result";
		}
		return Stream
			.of(true, (byte) 2, 3, 4L, Path.of("5"), "6", Advice.RANDOM, Whence.END, Backend.NATIVE, Optional.of("7"),
					(short) 12, 'c', 1.5F, 2.5D, MemorySegment.ofArray(new byte[3]), ValueLayout.JAVA_BYTE,
					ValueLayout.JAVA_SHORT, ValueLayout.JAVA_CHAR, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
					ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_DOUBLE)
			.filter((value) -> type.isInstance(value) || isBoxOf(value, type))
			.map(Object.class::cast)
			.findFirst()
			.orElseGet(() -> otherValue(type));
	}

	private static boolean isBoxOf(Object value, Class<?> type) {
		return type.isPrimitive()
				&& value.getClass().getSimpleName().toLowerCase(Locale.ROOT).startsWith(type.getName());
	}

	private @Nullable Object otherValue(Class<?> type) {
		if (type == byte[].class) {
			return new byte[8];
		}
		if (type == ByteBuffer.class) {
			return ByteBuffer.allocate(9);
		}
		if (type == Mmap.ViewFunction.class) {
			return (Mmap.ViewFunction<Object, RuntimeException>) (view) -> view;
		}
		if (type == ToLongFunction.class) {
			return (ToLongFunction<Object>) (argument) -> 11;
		}
		assertThat(type).isEqualTo(void.class);
		return null;
	}

}
