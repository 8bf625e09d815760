package dev.yammap.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the name of a configured file is the name of a bean of another type.
 */
final class BeanNameInUseException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String name;

	private final Class<?> type;

	private final @Nullable String origin;

	/**
	 * Creates a new exception.
	 * @param name the name of the file and the bean
	 * @param type the type of the bean
	 * @param origin where the bean is defined, if that is known
	 */
	BeanNameInUseException(String name, Class<?> type, @Nullable String origin) {
		super("The name of the mapped file '" + name + "' is in use by a bean of type " + type.getName());
		this.name = name;
		this.type = type;
		this.origin = origin;
	}

	String name() {
		return this.name;
	}

	Class<?> type() {
		return this.type;
	}

	@Nullable String origin() {
		return this.origin;
	}

}
