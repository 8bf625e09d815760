package dev.yammap.docs;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * An object whose class is an example in a document, so that the example can be run.
 */
final class Recipe {

	private final Object object;

	private Recipe(Object object) {
		this.object = object;
	}

	/**
	 * Creates an object by the one constructor of its class.
	 * @param document the name of the document
	 * @param type the name of the class
	 * @param arguments the arguments of the constructor
	 */
	static Recipe create(String document, String type, Object... arguments) throws Exception {
		Constructor<?> constructor = JavaExamples.of(document).type(type).getDeclaredConstructors()[0];
		constructor.setAccessible(true);
		try {
			return new Recipe(constructor.newInstance(arguments));
		}
		catch (InvocationTargetException ex) {
			throw thrown(ex);
		}
	}

	/**
	 * Calls a static method.
	 * @param document the name of the document
	 * @param type the name of the class
	 * @param method the name of its method, which is the only one of that name
	 * @param arguments the arguments of the method
	 */
	static void run(String document, String type, String method, Object... arguments) throws Exception {
		call(JavaExamples.of(document).type(type), null, method, arguments);
	}

	/**
	 * Calls a method.
	 * @param method the name of the method, which is the only one of that name
	 * @param arguments its arguments
	 */
	@Nullable Object call(String method, Object... arguments) throws Exception {
		return call(this.object.getClass(), this.object, method, arguments);
	}

	private static @Nullable Object call(Class<?> type, @Nullable Object target, String name, Object... arguments)
			throws Exception {
		Method method = Arrays.stream(type.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name) && fits(candidate, arguments))
			.findFirst()
			.orElseThrow(() -> new NoSuchMethodException(type + "." + name));
		method.setAccessible(true);
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw thrown(ex);
		}
	}

	private static boolean fits(Method method, Object... arguments) {
		Class<?>[] types = method.getParameterTypes();
		for (int i = 0; i < types.length; i++) {
			if (types.length != arguments.length || !ClassUtils.isAssignableValue(types[i], arguments[i])) {
				return false;
			}
		}
		return types.length == arguments.length;
	}

	/** Returns the exception that the example itself threw. */
	private static Exception thrown(InvocationTargetException ex) {
		return (ex.getCause() instanceof Exception cause) ? cause : ex;
	}

}
