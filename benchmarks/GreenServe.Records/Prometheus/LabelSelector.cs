using System.Text;
using System.Text.RegularExpressions;

namespace GreenServe.Records.Prometheus;

/// <summary>Chooses series of a metric by their labels, as PromQL does: <c>{zone="package", outlet=~"3|4"}</c>.</summary>
/// <remarks>
/// A series is chosen if every matcher holds; a label that it lacks has the empty value. A regular expression must match the whole value.
/// Quotes may be left out around a value without commas, braces and spaces, because shells take them away. Source: Prometheus
/// documentation, querying basics.
/// </remarks>
public sealed class LabelSelector : IEquatable<LabelSelector>
{
    /// <summary>Description of the form, for messages.</summary>
    public const string Form = "{label=\"value\"} after the name, with =, !=, =~ or !~ and commas between the labels";

    private readonly Matcher[] matchers;

    private LabelSelector(Matcher[] matchers) => this.matchers = matchers;

    /// <summary>Chooses every series.</summary>
    public static LabelSelector All { get; } = new([]);

    /// <summary>The labels that the selector names.</summary>
    public IEnumerable<string> Labels => matchers.Select(matcher => matcher.Label);

    /// <summary>Reads a selector with its braces.</summary>
    /// <exception cref="FormatException">The text is no selector; the message says what is allowed.</exception>
    public static LabelSelector Parse(string text)
    {
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}')
        {
            throw new FormatException(Form);
        }

        List<Matcher> found = [];
        int position = 1;
        SkipSeparators(text, ref position);
        while (position < text.Length - 1)
        {
            found.Add(ParseMatcher(text, ref position));
            SkipSeparators(text, ref position);
        }

        return position == text.Length - 1 ? new LabelSelector([.. found]) : throw new FormatException(Form);
    }

    /// <summary>Whether a series with these labels is chosen.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        Array.TrueForAll(matchers, matcher => matcher.Holds(labels.GetValueOrDefault(matcher.Label, "")));

    /// <summary>The selector as PromQL writes it; empty for one that chooses every series.</summary>
    public override string ToString() =>
        matchers.Length == 0 ? "" : $"{{{string.Join(',', matchers.Select(matcher => matcher.ToString()))}}}";

    /// <inheritdoc />
    public bool Equals(LabelSelector? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as LabelSelector);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>A value between quotes, as PromQL and Prometheus' text format write it.</summary>
    public static string Quote(string value)
    {
        string escaped = value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped.Replace("\n", "\\n", StringComparison.Ordinal)}\"";
    }

    private static void SkipSeparators(string text, ref int position)
    {
        while (position < text.Length && text[position] is ' ' or ',')
        {
            position++;
        }
    }

    private static Matcher ParseMatcher(string text, ref int position)
    {
        int begin = position;
        while (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_')
        {
            position++;
        }

        string label = text[begin..position];
        SkipSpaces(text, ref position);
        string sign = text.AsSpan(position) switch
        {
            ['=', '~', ..] => "=~",
            ['!', '=', ..] => "!=",
            ['!', '~', ..] => "!~",
            ['=', ..] => "=",
            _ => throw new FormatException(Form),
        };
        position += sign.Length;
        SkipSpaces(text, ref position);
        string value = text[position] is '"' or '\'' ? ParseQuoted(text, ref position) : ParseBare(text, ref position);
        return label.Length > 0 ? new Matcher(label, sign, value) : throw new FormatException(Form);
    }

    private static void SkipSpaces(string text, ref int position)
    {
        while (text[position] == ' ')
        {
            position++;
        }
    }

    private static string ParseBare(string text, ref int position)
    {
        int begin = position;
        while (text[position] is not (',' or '}' or ' ' or '"' or '\'' or '{'))
        {
            position++;
        }

        return text[position] is ',' or '}' or ' ' ? text[begin..position] : throw new FormatException(Form);
    }

    private static string ParseQuoted(string text, ref int position)
    {
        char quote = text[position];
        StringBuilder value = new();
        for (position++; position < text.Length && text[position] != quote; position++)
        {
            bool isEscape = text[position] == '\\' && position + 1 < text.Length;
            position += isEscape ? 1 : 0;
            value.Append(isEscape && text[position] == 'n' ? '\n' : text[position]);
        }

        position++;
        return position < text.Length ? value.ToString() : throw new FormatException(Form);
    }

    /// <summary>A condition on one label.</summary>
    private sealed class Matcher
    {
        private readonly string sign;
        private readonly string value;
        private readonly Regex? pattern;

        internal Matcher(string label, string sign, string value)
        {
            Label = label;
            this.sign = sign;
            this.value = value;
            pattern = sign.EndsWith('~') ? PatternOf(value) : null;
        }

        internal string Label { get; }

        public override string ToString() => $"{Label}{sign}{Quote(value)}";

        internal bool Holds(string found) => (pattern?.IsMatch(found) ?? found == value) == (sign[0] == '=');

        /// <summary>The pattern anchored at both ends. Without backtracking its time grows with the length of the text alone.</summary>
        private static Regex PatternOf(string value)
        {
            try
            {
                return new Regex($"^(?:{value})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                throw new FormatException($"a regular expression without backtracking in place of {Quote(value)}");
            }
        }
    }
}
