using System.Text.Json;
using System.Text.Json.Serialization;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Prints the results of checks as they come, and keeps them in a JSON file.</summary>
/// <remarks>The file is complete after each result, so that a stopped run leaves the results that it had.</remarks>
/// <param name="output">Receives one line for each fact and result.</param>
/// <param name="path">The path of the JSON file; <c>null</c> for no file.</param>
internal sealed class CheckReport(TextWriter output, string? path)
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly List<CheckResult> results = [];
    private readonly List<string> facts = [];

    /// <summary>The number of checks that did not pass.</summary>
    internal int Failures => results.Count(result => result.Passed == false);

    /// <summary>Reports a fact of the run, for example the library, the device or the settings.</summary>
    internal void Fact(FormattableString text)
    {
        facts.Add(FormattableString.Invariant(text));
        output.WriteLine(facts[^1]);
        Save();
    }

    /// <summary>Reports a measurement that has no bound.</summary>
    internal void Measure(string name, double value, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, null, null, detail));

    /// <summary>Reports a value that must not exceed a bound.</summary>
    internal void AtMost(string name, double value, double max, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, null, max, detail));

    /// <summary>Reports a value that must reach a bound.</summary>
    internal void AtLeast(string name, double value, double min, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, min, null, detail));

    /// <summary>Reports a statement that must be true. Its value is 1 if it is true, else 0.</summary>
    internal void Holds(string name, bool holds, string detail = "") => Add(new CheckResult(name, holds ? 1 : 0, "", 1, null, detail));

    private void Add(CheckResult result)
    {
        results.Add(result);
        string verdict = result.Passed switch { true => "PASS", false => "FAIL", _ => "    " };
        string bound = result.Max is { } max ? $" (at most {max:G6})" : result.Min is { } min ? $" (at least {min:G6})" : "";
        string line = FormattableString.Invariant($"{verdict} {result.Name}: {result.Value:G6} {result.Unit}{bound} {result.Detail}");
        output.WriteLine(line.TrimEnd());
        Save();
    }

    private void Save()
    {
        if (path is not null)
        {
            OutputFile.Replace(path, JsonSerializer.Serialize(new { facts, results }, Layout) + "\n");
        }
    }
}

/// <summary>One quantity that was checked or measured.</summary>
/// <param name="Name">The quantity, for example <c>decode step, batch 16</c>.</param>
/// <param name="Value">The value that was found.</param>
/// <param name="Unit">The unit of the value. A ratio has an empty unit.</param>
/// <param name="Min">The smallest value that passes; <c>null</c> for no such bound.</param>
/// <param name="Max">The largest value that passes; <c>null</c> for no such bound.</param>
/// <param name="Detail">How the value was found. It may be empty.</param>
internal sealed record CheckResult(
    string Name,
    double Value,
    string Unit,
    [property: JsonPropertyName("least")] double? Min,
    [property: JsonPropertyName("most")] double? Max,
    string Detail)
{
    /// <summary>Whether the value lies within its bounds; <c>null</c> for a measurement without bounds.</summary>
    public bool? Passed => Min is null && Max is null ? null : Value >= (Min ?? double.MinValue) && Value <= (Max ?? double.MaxValue);
}
