using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GreenServe.Records.Documents;

/// <summary>Which single values a document may hold at one place, as a predicate and in words.</summary>
/// <param name="Allowed">Description of the allowed values; in a message it follows the word "want".</param>
/// <param name="Accepts">Tells whether a value is allowed.</param>
internal sealed record ScalarRule(string Allowed, Func<JsonNode?, bool> Accepts)
{
    private static readonly ConcurrentDictionary<Type, ScalarRule> EnumRules = new();

    internal static ScalarRule For(Type declared, IReadOnlyList<RangeAttribute> ranges)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string))
        {
            return new ScalarRule("text (in quotes if it looks like a number)", IsText);
        }

        if (type == typeof(bool))
        {
            return new ScalarRule("true or false", node => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False);
        }

        if (type.IsEnum)
        {
            return ForEnum(type);
        }

        if (type == typeof(double))
        {
            return new ScalarRule(
                $"a number{Interval(ranges)}", node => Number(node) is double value && double.IsFinite(value) && Within(value, ranges));
        }

        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(uint))
        {
            double least = type == typeof(int) ? int.MinValue : type == typeof(long) ? long.MinValue : 0;
            double most = type == typeof(int) ? int.MaxValue : type == typeof(long) ? long.MaxValue
                : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
            return new ScalarRule(
                $"a whole number{Interval(ranges)}",
                node => Number(node) is double value && double.IsInteger(value) && value >= least && value <= most
                    && IsWrittenWhole(node!) && Within(value, ranges));
        }

        if (type == typeof(DateTimeOffset))
        {
            return new ScalarRule("a time such as 2026-01-31T12:00:00+00:00", node => IsText(node) && IsBindable(node!, type));
        }

        // Free-form values (JsonNode) and types with a converter of their own are checked when they are bound.
        return new ScalarRule("a value", _ => true);
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsBindable(JsonNode node, Type type)
    {
        try
        {
            return node.Deserialize(type, DocumentContract.Options) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ScalarRule ForEnum(Type type) => EnumRules.GetOrAdd(type, static type =>
    {
        HashSet<string> names = [.. EnumText.NamesOf(type)];
        return new ScalarRule(
            $"one of {string.Join(", ", names)}",
            node => IsText(node) && names.Contains(node!.GetValue<string>()));
    });

    private static double? Number(JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return null;
        }

        return value.TryGetValue(out double real) ? real
            : value.TryGetValue(out long whole) ? whole
            : value.TryGetValue(out int small) ? small
            : null;
    }

    // The deserializer does not accept 3.0 as a whole number, so this rule refuses it too.
    private static bool IsWrittenWhole(JsonNode node) =>
        node is JsonValue value && (value.TryGetValue(out long _) || value.TryGetValue(out int _) || !value.TryGetValue(out double _));

    private static bool Within(double value, IReadOnlyList<RangeAttribute> ranges) => ranges.All(range =>
    {
        (double low, double high) = Bounds(range);
        return (range.MinimumIsExclusive ? value > low : value >= low) && (range.MaximumIsExclusive ? value < high : value <= high);
    });

    private static string Interval(IReadOnlyList<RangeAttribute> ranges)
    {
        if (ranges.Count == 0)
        {
            return "";
        }

        (double low, double high) = Bounds(ranges[0]);
        string lowText = low.ToString("R", CultureInfo.InvariantCulture);
        string highText = high.ToString("R", CultureInfo.InvariantCulture);
        return double.IsPositiveInfinity(high)
            ? ranges[0].MinimumIsExclusive ? $" greater than {lowText}" : $" of at least {lowText}"
            : $" in {(ranges[0].MinimumIsExclusive ? '(' : '[')}{lowText}, {highText}{(ranges[0].MaximumIsExclusive ? ')' : ']')}";
    }

    internal static (double Low, double High) Bounds(RangeAttribute range) =>
        (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
}
