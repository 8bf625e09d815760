package dev.yammap.docs;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * Reads XML, and ignores namespaces.
 */
final class Xml {

	private Xml() {
	}

	static Document parse(String text) {
		try {
			DocumentBuilder builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
			// Otherwise it would also write to the standard error.
			builder.setErrorHandler(null);
			return builder.parse(new InputSource(new StringReader(text)));
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("This is not XML: " + ex.getMessage(), ex);
		}
	}

	/** Returns the elements that an XPath expression finds below a node. */
	static List<Element> elements(@Nullable Node below, String path) {
		try {
			NodeList found = (NodeList) XPathFactory.newDefaultInstance()
				.newXPath()
				.evaluate(path, below, XPathConstants.NODESET);
			List<Element> elements = new ArrayList<>();
			for (int i = 0; i < found.getLength(); i++) {
				elements.add((Element) found.item(i));
			}
			return elements;
		}
		catch (XPathExpressionException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/** Returns the text of a child element, {@code null} if there is none. */
	static @Nullable String child(Element element, String name) {
		List<Element> children = elements(element, name);
		return children.isEmpty() ? null : children.getFirst().getTextContent().strip();
	}

}
