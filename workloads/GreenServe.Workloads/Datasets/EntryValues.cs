using System.Text.Json;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Datasets;

/// <summary>Reads the values of a dataset's entries. Whatever cannot be used becomes a problem with its line.</summary>
/// <param name="problems">Receives the problems.</param>
internal sealed class EntryValues(RowProblems problems)
{
    internal static readonly string TokensAllowed = $"a whole number of tokens in [1, {RequestLimits.MaxTokens}]";
    private const double MillisecondsPerSecond = 1000;
    private const double MaxDelaySeconds = 1_000_000;

    /// <summary>
    /// The text under the first of some names that an entry has; <c>null</c> where it has none, or where it is a problem.
    /// </summary>
    internal string? Text(JsonElement entry, string[] names, int line, bool isRequired)
    {
        foreach (string name in names)
        {
            if (entry.TryGetProperty(name, out JsonElement value) && (isRequired || value.ValueKind != JsonValueKind.Null))
            {
                string? words = TextOf(value, name, line);
                return words is { Length: 0 } && isRequired ? Refuse(name, "''", "text of at least one letter", line) : words;
            }
        }

        return isRequired ? Refuse(names[0], null, $"text under {string.Join(" or ", names)}", line) : null;
    }

    /// <summary>The text of a value: text, or the texts of a list of parts as chat endpoints take them.</summary>
    internal string? TextOf(JsonElement value, string place, int line)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Array when value.EnumerateArray().All(IsTextPart) =>
                    string.Concat(value.EnumerateArray().Select(part => part.GetProperty("text").GetString())),
                _ => Refuse(place, value.ValueKind == JsonValueKind.Array ? "parts that are not text" : value.ValueKind, "text", line),
            };
        }
        catch (InvalidOperationException)
        {
            return Refuse(place, "half of a character", "text that is whole Unicode", line);
        }
    }

    private static bool IsTextPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out JsonElement text)
        && text.ValueKind == JsonValueKind.String;

    /// <summary>Reads a number of tokens; <c>null</c> where an entry has none.</summary>
    /// <returns>Whether there is no problem.</returns>
    internal bool TryTokens(JsonElement entry, string[] names, int line, out int? tokens)
    {
        tokens = null;
        foreach (string name in names)
        {
            if (entry.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
                    && number is >= 1 and <= RequestLimits.MaxTokens && number == Math.Floor(number))
                {
                    tokens = (int)number;
                    return true;
                }

                problems.Add(name, Raw(value), TokensAllowed, line);
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the delay of a turn (s), which is written in milliseconds; <c>null</c> where it has none.</summary>
    /// <returns>Whether there is no problem.</returns>
    internal bool TryDelay(JsonElement turn, int line, out double? seconds)
    {
        seconds = null;
        if (!turn.TryGetProperty("delay", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double milliseconds)
            && milliseconds / MillisecondsPerSecond is >= 0 and <= MaxDelaySeconds)
        {
            seconds = milliseconds / MillisecondsPerSecond;
            return true;
        }

        problems.Add("delay", Raw(value), "milliseconds, a number of at least 0", line);
        return false;
    }

    /// <summary>The text of a value as it stands in the file.</summary>
    internal static string Raw(JsonElement value) => value.GetRawText();

    /// <summary>Notes a problem, and returns the absent value.</summary>
    internal string? Refuse(string place, object? found, string allowed, int line)
    {
        problems.Add(place, found, allowed, line);
        return null;
    }
}
