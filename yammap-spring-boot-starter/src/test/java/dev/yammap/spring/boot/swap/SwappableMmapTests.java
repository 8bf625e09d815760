package dev.yammap.spring.boot.swap;

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
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;
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
	private static final Set<String> ANSWERED_HERE = Set.of("isOpen", "close", "channel", "segment");

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
		Object returned = method
			.invoke(new SwappableMmap(new FileVersions(version), new SwappableEvents(), SyncObserver.NONE), arguments);
		assertThat(returned).isEqualTo(result);
		assertThat(calls).startsWith(method.getName());
		assertThat(calls.subList(1, calls.size())).containsSubsequence(arguments);
	}

	// Each one differs from what an empty answer would be.
	private @Nullable Object value(Class<?> type) {
		if (type == Object.class) {
			return "result";
		}
		return Stream
			.of(true, (byte) 2, 3, 4L, Path.of("5"), "6", Advice.RANDOM, Whence.END, Backend.NATIVE, Optional.of("7"))
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
		if (type == Function.class) {
			return (Function<Object, Object>) (argument) -> argument;
		}
		if (type == ToLongFunction.class) {
			return (ToLongFunction<Object>) (argument) -> 11;
		}
		assertThat(type).isEqualTo(void.class);
		return null;
	}

}
