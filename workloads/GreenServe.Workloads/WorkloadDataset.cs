using GreenServe.Records;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Tokenizers;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads;

/// <summary>Gives a workload the prompts of a dataset.</summary>
public static class WorkloadDataset
{
    /// <summary>The name that stands for generated prompts of the wanted lengths.</summary>
    public const string Random = "random";

    /// <summary>The name that stands for generated verse.</summary>
    public const string Sonnet = "sonnet";

    /// <summary>
    /// A workload whose prompts come from a dataset. Its lengths are then those of the dataset. A trace becomes the workload's trace, since
    /// it has lengths and no text.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="dataset">The path of a file, <see cref="Random"/> or <see cref="Sonnet"/>.</param>
    /// <param name="format">The format of the file; automatic recognizes it by its content.</param>
    /// <exception cref="InvalidInputException">The file does not exist or cannot be read.</exception>
    public static Workload Apply(Workload workload, string dataset, DatasetFormat format = DatasetFormat.Automatic)
    {
        if (dataset == Random)
        {
            return workload;
        }

        Workload drawn = workload with { PrefixSharing = null };
        if (dataset == Sonnet)
        {
            return drawn with { Dataset = new DatasetSource { Format = DatasetFormat.Sonnet }, Lengths = new DatasetLengths() };
        }

        string path = Path.GetFullPath(DatasetFile.Locate(dataset, folder: null));
        if (format == DatasetFormat.Automatic && DatasetFile.Detect(path) is null)
        {
            return WithTrace(drawn, path);
        }

        return drawn with
        {
            Folder = Path.GetDirectoryName(path),
            Dataset = new DatasetSource { File = Path.GetFileName(path), Format = format, Sha256 = DatasetFile.ComputeSha256(path) },
            Lengths = new DatasetLengths(),
        };
    }

    /// <summary>A workload whose tokenizer counts the texts of its dataset.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or the workload has no dataset of texts.</exception>
    public static Workload WithTokenizer(Workload workload, string tokenizer)
    {
        if (workload.Dataset is not { } dataset)
        {
            throw new InvalidInputException(
                new Problem("tokenizer", $"'{tokenizer}'", $"it with a dataset of texts, of which '{workload.Name}' has none"));
        }

        _ = TokenizerFile.Read(tokenizer);
        return workload with { Dataset = dataset with { Tokenizer = Path.GetRelativePath(workload.Folder ?? ".", tokenizer) } };
    }

    /// <summary>The workload with the lengths of a trace, in the order in which they were recorded.</summary>
    private static Workload WithTrace(Workload workload, string path)
    {
        try
        {
            _ = TraceFile.Read(new TraceSource { File = path, MaximumRequests = 1 }, folder: null);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(
            [
                .. exception.Problems,
                new Problem("dataset", "neither prompts nor a trace", $"a dataset, a trace, {Random} or {Sonnet}", path),
            ]);
        }

        return (workload with { Lengths = new TraceLengths(), Sessions = null }).WithTrace(path);
    }
}
