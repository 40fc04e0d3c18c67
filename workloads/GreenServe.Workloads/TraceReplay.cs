using GreenServe.Records;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Catalogs;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads;

/// <summary>Workloads that replay a trace as it stands: arrivals and lengths as recorded.</summary>
public static class TraceReplay
{
    private static readonly string[] Extensions = [".csv", ".jsonl", ".json"];

    /// <summary>Whether a path names a trace and not a workload: it ends in .csv, .jsonl or .json, compressed (.gz) or not.</summary>
    /// <param name="path">The path, or the name of a workload.</param>
    public static bool IsTrace(string path)
    {
        string bare = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Array.Exists(Extensions, extension => bare.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The workload that replays a trace.</summary>
    /// <param name="path">The file, whose format is recognised by its first line.</param>
    /// <param name="model">The model that requests ask for.</param>
    /// <exception cref="InvalidInputException">The file does not exist.</exception>
    public static Workload Of(string path, string model)
    {
        string file = Path.GetFileName(path);
        string name = string.Concat(file.Split('.')[0].Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        return new Workload
        {
            Name = DocumentName.IsAllowed(name) ? name : "trace",
            Purpose = "a trace, arrivals and lengths as recorded",
            Source = file,
            Model = model,
            Arrival = new TraceArrival(),
            Lengths = new TraceLengths(),
            Trace = new TraceSource { File = file },
        }.WithTrace(path);
    }
}
