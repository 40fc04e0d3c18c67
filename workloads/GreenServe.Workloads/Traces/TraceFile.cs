using System.Globalization;
using System.Security.Cryptography;
using GreenServe.Records;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Traces;

/// <summary>
/// Reads trace files of every <see cref="TraceFormat"/>, and writes the suite's own format. A file whose name ends in <c>.gz</c> is
/// unpacked.
/// </summary>
public static class TraceFile
{
    /// <summary>
    /// Mean rate (requests/s) above which milliseconds are not assumed. Mooncake's published traces have 3 to 7 requests/s, and traces in
    /// seconds appear a thousand times denser than they are.
    /// </summary>
    private const double MaxAssumedRequestsPerSecond = 100;

    internal static readonly string TokensAllowed = $"tokens, a whole number in [0, {RequestLimits.MaxTokens}]";

    /// <summary>Reads a whole trace.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="format">Format of the file.</param>
    /// <exception cref="InvalidInputException">
    /// The file is missing, its format is unknown, rows are malformed, negative or out of order, or no row has tokens. Up to 20
    /// rows are named with their line, and all are counted.
    /// </exception>
    public static Trace Read(string path, TraceFormat format = TraceFormat.Automatic) =>
        Read(new TraceSource { File = path, Format = format }, folder: null);

    /// <summary>Reads the slice of a trace that a workload uses. Rows after the slice are not read.</summary>
    /// <param name="source">The file and the slice.</param>
    /// <param name="folder">Folder that a relative path starts from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">
    /// The trace cannot be read, or its SHA-256 is not the one that the workload states.
    /// </exception>
    public static Trace Read(TraceSource source, string? folder)
    {
        string path = Locate(source, folder);
        try
        {
            CheckSha256(source, path);
            using StreamReader text = TraceText.Open(path);
            return Read(text, path, source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidInputException(new Problem("file", exception.Message, "a readable file", path));
        }
    }

    /// <summary>Finds the file of a workload's trace.</summary>
    /// <param name="source">The trace.</param>
    /// <param name="folder">Folder that a relative path starts from; <c>null</c> for the current one.</param>
    /// <remarks>
    /// A relative path that leads to no file in the folder is also tried in the catalog that comes with the program. So the
    /// workloads of the catalog find their traces wherever the program is called from.
    /// </remarks>
    /// <exception cref="InvalidInputException">The file does not exist.</exception>
    public static string Locate(TraceSource source, string? folder)
    {
        string path = folder is null ? source.File : Path.Combine(folder, source.File);
        string shipped = Path.GetFullPath(source.File, Path.Combine(AppContext.BaseDirectory, "workloads", "catalog"));
        return File.Exists(path) ? path
            : File.Exists(shipped) ? shipped
            : throw new InvalidInputException(
                new Problem("trace", Directory.Exists(path) ? "a folder" : null, "an existing trace file", path));
    }

    /// <summary>
    /// SHA-256 of a trace's text in lower-case hexadecimal. That of a compressed file is taken of the text it unpacks to.
    /// </summary>
    /// <exception cref="InvalidDataException">A compressed file is damaged.</exception>
    public static string ComputeSha256(string path)
    {
        using Stream stream = TraceText.OpenBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Writes a trace in the format <see cref="TraceFormat.Normalised"/>, replacing an earlier file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="writeOthers">
    /// Writes files that belong to the trace, before the trace takes its place. If it fails, no trace is written either.
    /// </param>
    public static void Write(string path, Trace trace, Action? writeOthers = null) => OutputFile.Replace(path, stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("arrival_seconds,input_tokens,output_tokens");
        foreach (TraceRequest request in trace.Requests)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{request.ArrivalSeconds:0.#######},{request.InputTokens},{request.OutputTokens}"));
        }

        writer.Flush();
        writeOthers?.Invoke();
    });

    /// <summary>Reads a length (tokens).</summary>
    internal static bool TryReadTokens(string? text, out long tokens) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out tokens)
        && tokens is >= 0 and <= RequestLimits.MaxTokens;

    /// <summary>Reads a trace from text; <paramref name="file"/> is only used in messages.</summary>
    internal static Trace Read(TextReader text, string file, TraceSource source)
    {
        RowProblems problems = new(file);
        if (source.Format is TraceFormat.Automatic ? text.Peek() != '{' : JsonTraceDialect.Of(source.Format) is null)
        {
            (IEnumerable<TraceRow> rows, TraceColumns columns) = CsvTraceReader.Open(text, file, source.Format, problems);
            TraceSlice slice = TraceSlice.Of(rows, source, problems);
            problems.ThrowIfAny();
            return slice.ToTrace(columns.Format, columns.Unit, file);
        }

        JsonTraceReader json = new(text, source.Format, problems);
        TraceSlice read = TraceSlice.Of(json.Rows(), source, problems);
        CheckUnit(json.Dialect, read.Requests, problems);
        problems.ThrowIfAny();
        return TracePrefixRule.Apply(read.ToTrace(json.Dialect.Format, json.Dialect.Unit, file), read.HashIds, json, source);
    }

    /// <summary>
    /// Refuses an assumed unit that makes the traffic implausibly dense, as seconds that are taken for milliseconds do.
    /// </summary>
    private static void CheckUnit(JsonTraceDialect dialect, List<TraceRequest> requests, RowProblems problems)
    {
        double span = requests.Count > 1 ? requests[^1].ArrivalSeconds - requests[0].ArrivalSeconds : 0;
        if (dialect.IsAssumed && span > 0 && (requests.Count - 1) / span is var rate and > MaxAssumedRequestsPerSecond)
        {
            problems.Add(
                "timestamp",
                FormattableString.Invariant($"{rate:0.###} requests/s as milliseconds, {rate / 1000:0.###} requests/s as seconds"),
                "a stated format: mooncake for milliseconds, guidellm or bailian for seconds",
                line: 1);
        }
    }

    private static void CheckSha256(TraceSource source, string path)
    {
        if (source.Sha256 is not { } expected)
        {
            return;
        }

        string found = ComputeSha256(path);
        if (!string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException(new Problem("sha256", found, $"{expected}, the trace this workload is made for", path));
        }
    }
}

/// <summary>One row of a trace file that was parsed but not yet checked.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Ticks">Time of arrival in units of 100 ns; each file has its own origin.</param>
/// <param name="InputTokens">Input length as written (tokens).</param>
/// <param name="OutputTokens">Output length as written (tokens).</param>
internal readonly record struct TraceRow(int Line, long Ticks, long InputTokens, long OutputTokens)
{
    /// <summary>The blocks of the prompt; <c>null</c> where the file does not tell.</summary>
    internal int[]? HashIds { get; init; }
}
