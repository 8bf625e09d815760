import java.util.SortedMap;

interface PriceSource {

	SortedMap<Long, Long> prices();

}
