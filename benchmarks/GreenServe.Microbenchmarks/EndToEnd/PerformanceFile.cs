using System.Globalization;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>The measurements that the page of the suite's own performance is written from, the oldest first.</summary>
/// <param name="Measurements">One measurement for each version of the suite that was measured.</param>
internal sealed record PerformanceFile(IReadOnlyList<PerformanceMeasurement> Measurements)
{
    /// <summary>Reads the file; empty if there is none.</summary>
    /// <exception cref="InvalidInputException">The file does not hold measurements.</exception>
    internal static PerformanceFile Read(string path)
    {
        if (!File.Exists(path))
        {
            return new PerformanceFile([]);
        }

        try
        {
            return JsonSerializer.Deserialize<PerformanceFile>(File.ReadAllText(path), DocumentContract.Indented)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(new Problem("performance file", exception.Message, "measurements of this benchmark", path));
        }
    }

    /// <summary>The file with one more measurement, in the place of one with the same label if there is any.</summary>
    internal PerformanceFile With(PerformanceMeasurement measurement) =>
        Measurements.Any(other => other.Label == measurement.Label)
            ? new([.. Measurements.Select(other => other.Label == measurement.Label ? measurement : other)])
            : new([.. Measurements, measurement]);

    /// <summary>Writes the file.</summary>
    internal void Write(string path) => OutputFile.Replace(path, DocumentContract.Readable(this));
}

/// <summary>What the commands of one version of the suite cost on one machine.</summary>
/// <param name="Label">Name of the version in the tables of the page.</param>
/// <param name="Commit">Git commit that the command was built from; <c>null</c> if the command does not say.</param>
/// <param name="Date">Day of the measurement in UTC, as yyyy-MM-dd.</param>
/// <param name="Host">The machine.</param>
/// <param name="Requests">Number of requests of the workload that the goals speak of.</param>
/// <param name="Costs">What each command cost.</param>
internal sealed record PerformanceMeasurement(
    string Label, string? Commit, string Date, PerformanceHost Host, int Requests, IReadOnlyList<CommandCost> Costs)
{
    /// <summary>The cost of a command; <c>null</c> if it was not measured.</summary>
    internal CommandCost? Find(string command, int? requests) =>
        Costs.FirstOrDefault(cost => cost.Command == command && cost.Requests == requests);
}

/// <summary>The machine of a measurement, as far as it can matter for speed and memory.</summary>
/// <param name="Processor">Model and number of the processors.</param>
/// <param name="MemoryBytes">Memory that a process may use (bytes). The garbage collector takes more where there is more.</param>
/// <param name="OperatingSystem">Operating system.</param>
/// <param name="Runtime">The .NET runtime.</param>
internal sealed record PerformanceHost(string Processor, long MemoryBytes, string OperatingSystem, string Runtime)
{
    /// <summary>This machine.</summary>
    internal static PerformanceHost Here()
    {
        RunEnvironment environment = RunEnvironment.Host();
        return new PerformanceHost(
            environment.Processor!, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, environment.OperatingSystem!, environment.Runtime!);
    }

    /// <summary>The machine in words.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {MemoryBytes / 1e9:F0} GB, {OperatingSystem}, {Runtime}");
}
