package dev.yammap.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.yammap.Mmap;

/**
 * Notes which methods are called.
 */
final class Recorder {

	private final Set<String> called = new TreeSet<>();

	Mmap recorded(Mmap file) {
		return recorded(Mmap.class, file);
	}

	RecordedChannel recorded(FileChannel channel) {
		return new RecordedChannel(channel, this.called::add);
	}

	@SuppressWarnings("ReferenceEquality")
	private <T> T recorded(Class<T> type, T target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getDeclaringClass() == Object.class) {
					return "equals".equals(method.getName()) ? proxy == arguments[0] : method.invoke(target, arguments);
				}
				this.called.add(signature(type, method));
				try {
					Object result = method.invoke(target, arguments);
					return (result == target) ? proxy : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	/** Returns the methods of both that were never called. */
	Set<String> missing() {
		Set<String> missing = new TreeSet<>(signatures(Mmap.class));
		missing.addAll(RecordedChannel.signatures());
		missing.removeAll(this.called);
		return missing;
	}

	private static Set<String> signatures(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> !Modifier.isStatic(method.getModifiers()))
			.map((method) -> signature(type, method))
			.collect(Collectors.toSet());
	}

	private static String signature(Class<?> type, Method method) {
		return type.getSimpleName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
	}

}
