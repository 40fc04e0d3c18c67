namespace GreenServe.Records.Tables;

/// <summary>Names of the files of a run record, and their columns.</summary>
public static class RunFiles
{
    /// <summary>File of the manifest, which holds everything that is not a table.</summary>
    public const string Manifest = "run.json";

    /// <summary>Table of requests, one row for each.</summary>
    public const string Requests = "requests.csv";

    /// <summary>Optional table of token times, one row for each token.</summary>
    public const string Tokens = "tokens.csv";

    /// <summary>Table of the token gaps of completed requests by class, as counts in bins.</summary>
    public const string TokenGaps = "token-gaps.csv";

    /// <summary>Table of the load generator's lags, as counts in bins.</summary>
    public const string ClientLags = "client-lags.csv";

    /// <summary>Table of power and energy, one row for each reading of a meter.</summary>
    public const string Power = "power.csv";

    /// <summary>Table of clocks, temperatures, throttling and the like, one row for each reading of a device.</summary>
    public const string Device = "device.csv";

    /// <summary>Table of engine steps, one row for each.</summary>
    public const string Steps = "steps.csv";

    /// <summary>Table of the server's own metrics, one row for each scraped value.</summary>
    public const string Server = "server.csv";

    /// <summary>Table of the decisions of the policy that controlled a simulated cluster, one row for each.</summary>
    public const string Actions = "actions.csv";

    /// <summary>Table of the state of a simulated cluster over time, one row for each interval and scope.</summary>
    public const string Cluster = "cluster.csv";

    /// <summary>
    /// Rows from which on a table is large, and is written as Parquet unless CSV was asked for. It is one row group of a Parquet file:
    /// about 20 MB of requests as CSV, and 4 MB as Parquet.
    /// </summary>
    public const int LargeTableRows = 1 << 17;

    /// <summary>Throws if an output would replace a file of a run record.</summary>
    /// <param name="path">Path of the output file.</param>
    /// <exception cref="InvalidInputException">The path is that of a file which a record consists of.</exception>
    public static void RequireOutsideOfRecord(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        string name = Path.GetFileName(path);
        if ((name == Manifest || IsOfTable(name)) && File.Exists(Path.Combine(folder, Manifest)))
        {
            throw new InvalidInputException(
                new Problem("output file", "a file of a run record", "a file that is no part of a record", path));
        }
    }

    /// <summary>Whether a file of this name holds a table of a record, or a part of one, complete or not.</summary>
    public static bool IsOfTable(string name) => RecordTable.All.Any(table =>
        name.StartsWith(Path.ChangeExtension(table.File, "."), StringComparison.Ordinal)
        && (name.EndsWith(".csv", StringComparison.Ordinal)
            || name.EndsWith(".parquet", StringComparison.Ordinal)
            || name.EndsWith(".parquet.draft", StringComparison.Ordinal)));

    /// <summary>Columns that the requests of every record have.</summary>
    internal static readonly string[] RequiredRequestColumns =
    [
        "id", "class", "scheduled_seconds", "issued_seconds", "first_token_seconds", "completed_seconds",
        "input_tokens_asked", "input_tokens_counted", "output_tokens_asked", "output_tokens_counted", "status", "error",
    ];

    /// <summary>Columns of the requests as this build writes them. Records of earlier versions may lack the last ones.</summary>
    internal static readonly string[] RequestColumns =
    [
        .. RequiredRequestColumns,
        "server_id", "tbt_p99_seconds", "tbt_max_seconds", "energy_joules", "prefill_energy_joules", "client_queue_seconds",
        "last_token_seconds",
    ];

    /// <summary>Columns of the requests of a workload that states priorities or adapters. They follow the others.</summary>
    internal static readonly string[] TraitColumns = ["priority", "adapter"];

    internal static readonly string[] TokenColumns = ["request_id", "token_index", "seconds"];

    internal static readonly string[] RequiredTokenGapColumns = ["class", "bin", "seconds", "count"];

    /// <summary>Columns of the token gaps as this build writes them. Records of earlier versions lack the sums.</summary>
    internal static readonly string[] TokenGapColumns = [.. RequiredTokenGapColumns, "sum_seconds", "sum_square_seconds"];

    internal static readonly string[] ClientLagColumns = ["lag", "bin", "seconds", "count"];

    internal static readonly string[] PowerColumns = ["meter", "seconds", "watts", "cumulative_joules"];

    internal static readonly string[] DeviceColumns = ["device", "quantity", "seconds", "value"];

    /// <summary>Columns that the steps of every record have.</summary>
    internal static readonly string[] RequiredStepColumns =
        ["start_seconds", "duration_seconds", "prefill_tokens", "decode_sequences", "context_tokens"];

    /// <summary>Columns of the steps as this build writes them. Records of earlier versions may lack the last ones.</summary>
    internal static readonly string[] StepColumns =
    [
        .. RequiredStepColumns, "energy_joules", "prefill_energy_joules", "clock_megahertz",
        "step_count", "context_token_seconds", "context_token_joules",
    ];

    internal static readonly string[] ServerColumns = ["metric", "seconds", "value"];

    internal static readonly string[] ActionColumns =
        ["at_seconds", "action", "server", "instance", "setting", "reason", "effective_seconds", "refusal"];

    internal static readonly string[] ClusterColumns =
    [
        "scope", "seconds", "gpu_watts", "host_watts", "max_watts", "budget_watts", "mean_clock_megahertz", "gpus_on", "instances",
        "mean_tensor_parallelism", "gpu_celsius", "inlet_celsius", "requests", "held_requests", "grams_per_kilowatt_hour",
    ];
}
