using System.Text.Json;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Prints results as they come and keeps them in a file that is whole after each, so that a stopped run leaves what it had.</summary>
internal sealed class CheckReport(TextWriter output, string? path)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly List<CheckResult> results = [];
    private readonly List<string> facts = [];

    /// <summary>Checks that did not pass.</summary>
    internal int Failures => results.Count(result => result.Passed == false);

    /// <summary>A fact of the run: which library, which device, which settings.</summary>
    internal void Fact(FormattableString text)
    {
        facts.Add(FormattableString.Invariant(text));
        output.WriteLine(facts[^1]);
        Save();
    }

    /// <summary>A measurement without a bound.</summary>
    internal void Measure(string name, double value, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, null, null, detail));

    /// <summary>A value that must not exceed a bound.</summary>
    internal void AtMost(string name, double value, double most, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, null, most, detail));

    /// <summary>A value that must reach a bound.</summary>
    internal void AtLeast(string name, double value, double least, string unit, string detail = "") =>
        Add(new CheckResult(name, value, unit, least, null, detail));

    /// <summary>Something that must be so.</summary>
    internal void Holds(string name, bool holds, string detail = "") => Add(new CheckResult(name, holds ? 1 : 0, "", 1, null, detail));

    private void Add(CheckResult result)
    {
        results.Add(result);
        string verdict = result.Passed switch { true => "PASS", false => "FAIL", _ => "    " };
        string bound = result.Max is { } most ? $" (at most {most:G6})" : result.Min is { } least ? $" (at least {least:G6})" : "";
        output.WriteLine(FormattableString.Invariant($"{verdict} {result.Name}: {result.Value:G6} {result.Unit}{bound} {result.Detail}").TrimEnd());
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
