import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joda.time.DateTimeZone;
import org.joda.time.format.DateTimeFormat;

/**
 * Answers cases with the JVM's own classes. Reads a JSON array of strings a line (the kind of case, then its
 * arguments) and writes a JSON array of strings and nulls a line; null stands for an exception or Undefined.
 */
public final class Oracle {
  /** 34 digits, RoundingMode.HALF_EVEN. */
  private static final MathContext MATH = MathContext.DECIMAL128;

  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.US);
    java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("UTC"));
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(write(answer(read(line))));
    }
    out.flush();
  }

  private static List<String> answer(List<String> c) {
    switch (c.get(0)) {
      case "versions":
        return versions();
      case "pair":
        return pair(c.get(1), c.get(2));
      case "number":
        return number(c.get(1));
      case "text":
        return List.of(String.valueOf(attempt(() -> new BigDecimal(c.get(1)).toString())));
      case "double":
        return listOf(math(c));
      case "regexp":
        return regexp(c.get(1), c.get(2), c.get(3));
      case "joda":
        return listOf(attempt(() -> joda(c.get(1), Long.parseLong(c.get(2)), c.get(3))));
      case "names":
        return names(c.get(1));
      case "format":
        return listOf(attempt(() -> DateTimeFormatter.ofPattern(c.get(1), Locale.US)
            .format(Instant.ofEpochMilli(Long.parseLong(c.get(2))).atZone(ZoneId.of(c.get(3))))));
      case "java":
        return listOf(attempt(() -> javaTime(c.get(1), c.get(2))));
      default:
        throw new IllegalArgumentException(c.get(0));
    }
  }

  private static List<String> versions() {
    return List.of(
        "java " + System.getProperty("java.version"),
        "unicode of java " + unicode(),
        "zones of java " + java.time.zone.ZoneRulesProvider.getVersions("UTC").lastEntry().getKey(),
        "joda-time " + DateTimeFormat.class.getProtectionDomain().getCodeSource().getLocation().getPath()
            .replaceAll(".*joda-time-(.*)\\.jar", "$1"));
  }

  private static String unicode() {
    // The first code point that each version assigned.
    int[] firsts = {0x1F979, 0x1FAE8, 0x2FFC, 0x1C89};
    String[] names = {"14", "15", "15.1", "16"};
    String version = "13";
    for (int i = 0; i < firsts.length; i++) if (Character.isDefined(firsts[i])) version = names[i];
    return version;
  }

  /* Decimals */

  private static List<String> pair(String left, String right) {
    BigDecimal a = new BigDecimal(left, MATH);
    BigDecimal b = new BigDecimal(right, MATH);
    return listOf(
        bounded(() -> a.add(b, MATH)),
        bounded(() -> a.subtract(b, MATH)),
        bounded(() -> a.multiply(b, MATH)),
        bounded(() -> a.divide(b, MATH)),
        bounded(() -> a.remainder(b).round(MATH)),
        String.valueOf(new BigDecimal(left).compareTo(new BigDecimal(right))));
  }

  private static List<String> number(String text) {
    BigDecimal a = new BigDecimal(text);
    return listOf(
        a.toString(),
        canonical(a),
        canonical(a.setScale(0, RoundingMode.HALF_UP)),
        canonical(a.setScale(0, RoundingMode.FLOOR)),
        canonical(a.setScale(0, RoundingMode.CEILING)),
        canonical(a.scale() > 0 ? a.setScale(0, RoundingMode.DOWN) : a),
        canonical(a.scale() > 2 ? a.setScale(2, RoundingMode.DOWN) : a),
        canonical(a.scale() > 34 ? a.setScale(34, RoundingMode.DOWN) : a),
        canonical(a.abs()),
        canonical(a.negate()),
        String.valueOf(a.signum()));
  }

  private static String canonical(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
  }

  /** Null beyond 10^±999 and for a division by zero. */
  private static String bounded(Supplier<BigDecimal> operation) {
    try {
      BigDecimal value = operation.get();
      long exponent = (long) value.precision() - value.scale() - 1;
      return value.signum() != 0 && Math.abs(exponent) > 999 ? null : canonical(value);
    } catch (ArithmeticException error) {
      return null;
    }
  }

  private static String math(List<String> c) {
    double x = new BigDecimal(c.get(2)).doubleValue();
    double y = c.size() > 3 ? new BigDecimal(c.get(3)).doubleValue() : 0;
    switch (c.get(1)) {
      case "power":
        return String.valueOf(StrictMath.pow(x, y));
      case "atan2":
        return String.valueOf(StrictMath.atan2(x, y));
      case "exp":
        return String.valueOf(StrictMath.exp(x));
      case "ln":
        return String.valueOf(StrictMath.log(x));
      case "log":
        return String.valueOf(StrictMath.log10(x));
      case "sqrt":
        return String.valueOf(StrictMath.sqrt(x));
      case "sin":
        return String.valueOf(StrictMath.sin(x));
      case "cos":
        return String.valueOf(StrictMath.cos(x));
      case "tan":
        return String.valueOf(StrictMath.tan(x));
      case "asin":
        return String.valueOf(StrictMath.asin(x));
      case "acos":
        return String.valueOf(StrictMath.acos(x));
      case "atan":
        return String.valueOf(StrictMath.atan(x));
      case "sinh":
        return String.valueOf(StrictMath.sinh(x));
      case "cosh":
        return String.valueOf(StrictMath.cosh(x));
      case "tanh":
        return String.valueOf(StrictMath.tanh(x));
      default:
        throw new IllegalArgumentException(c.get(1));
    }
  }

  /* Regular expressions */

  /** Whether the pattern compiles, whether it is found, what is found first, and all replaced; or null alone. */
  private static List<String> regexp(String source, String text, String replacement) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(source);
    } catch (RuntimeException error) {
      return listOf((String) null);
    }
    Matcher matcher = pattern.matcher(text);
    try {
      String first = matcher.find() ? matcher.group() : null;
      return listOf("ok", first, attempt(() -> pattern.matcher(text).replaceAll(replacement)));
    } catch (StackOverflowError error) {
      return listOf("ok", "overflow", "overflow");
    }
  }

  /* Times */

  private static String joda(String pattern, long millis, String zone) {
    return DateTimeFormat.forPattern(pattern)
        .withLocale(Locale.ENGLISH)
        .withZone(DateTimeZone.forID(zone))
        .print(millis);
  }

  /** Short standard and summer, long standard and summer name of a zone; empty when it has none but an offset. */
  private static List<String> names(String id) {
    for (String[] names : java.text.DateFormatSymbols.getInstance(Locale.ENGLISH).getZoneStrings()) {
      if (names[0].equals(id)) return List.of(names[2], names[4], names[1], names[3]);
    }
    return List.of();
  }

  /** Milliseconds since the epoch; midnight without a time of day, UTC without a zone. */
  private static String javaTime(String text, String pattern) {
    TemporalAccessor parsed = DateTimeFormatter.ofPattern(pattern, Locale.US).parse(text);
    if (parsed.isSupported(java.time.temporal.ChronoField.INSTANT_SECONDS)) {
      return String.valueOf(Instant.from(parsed).toEpochMilli());
    }
    LocalDate date = parsed.query(TemporalQueries.localDate());
    LocalTime time = parsed.query(TemporalQueries.localTime());
    ZoneId offset = parsed.query(TemporalQueries.offset());
    ZoneId zone = offset == null ? parsed.query(TemporalQueries.zone()) : offset;
    if (time == null && hasTime(parsed)) return null;
    LocalDateTime local = LocalDateTime.of(date, time == null ? LocalTime.MIDNIGHT : time);
    return String.valueOf(local.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant().toEpochMilli());
  }

  /** True when the text gives a part of a time of day, but not its hour. */
  private static boolean hasTime(TemporalAccessor parsed) {
    for (java.time.temporal.ChronoField field : java.time.temporal.ChronoField.values()) {
      if (field.isTimeBased() && parsed.isSupported(field)) return true;
    }
    return false;
  }

  /* JSON lines of strings */

  private static String attempt(Supplier<String> operation) {
    try {
      return operation.get();
    } catch (RuntimeException error) {
      return null;
    }
  }

  private static List<String> listOf(String... items) {
    return new ArrayList<>(java.util.Arrays.asList(items));
  }

  private static List<String> read(String line) {
    List<String> items = new ArrayList<>();
    StringBuilder item = null;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (item == null) {
        if (c == '"') item = new StringBuilder();
      } else if (c == '"') {
        items.add(item.toString());
        item = null;
      } else if (c != '\\') {
        item.append(c);
      } else {
        char escaped = line.charAt(++i);
        int at = "nrtbf".indexOf(escaped);
        if (escaped == 'u') {
          item.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16));
          i += 4;
        } else {
          item.append(at < 0 ? escaped : "\n\r\t\b\f".charAt(at));
        }
      }
    }
    return items;
  }

  private static String write(List<String> items) {
    StringBuilder line = new StringBuilder("[");
    for (String item : items) {
      if (line.length() > 1) line.append(',');
      if (item == null) line.append("null");
      else quote(line, item);
    }
    return line.append(']').toString();
  }

  private static void quote(StringBuilder line, String item) {
    line.append('"');
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '"' || c == '\\') line.append('\\').append(c);
      else if (c >= ' ' && c < 127) line.append(c);
      else line.append(String.format("\\u%04x", (int) c));
    }
    line.append('"');
  }
}
