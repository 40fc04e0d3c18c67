namespace GreenServe.Records.Tables;

/// <summary>Names of the files of a run record, and their columns.</summary>
public static class RunFiles
{
    /// <summary>The manifest.</summary>
    public const string Manifest = "run.json";

    /// <summary>One row a request.</summary>
    public const string Requests = "requests.csv";

    /// <summary>One row a token (optional).</summary>
    public const string Tokens = "tokens.csv";

    /// <summary>Token gaps of completed requests by class, as counts in bins.</summary>
    public const string TokenGaps = "token-gaps.csv";

    /// <summary>Lags of the load generator, as counts in bins.</summary>
    public const string ClientLags = "client-lags.csv";

    /// <summary>One row a meter reading.</summary>
    public const string Power = "power.csv";

    /// <summary>One row a reading of a device's clocks, temperatures, throttling and the like.</summary>
    public const string Device = "device.csv";

    /// <summary>One row an engine step.</summary>
    public const string Steps = "steps.csv";

    /// <summary>One row a scraped server metric.</summary>
    public const string Server = "server.csv";

    /// <summary>Columns that the requests of every record have.</summary>
    internal static readonly string[] RequiredRequestColumns =
    [
        "id", "class", "scheduled_seconds", "issued_seconds", "first_token_seconds", "completed_seconds",
        "input_tokens_asked", "input_tokens_counted", "output_tokens_asked", "output_tokens_counted", "status", "error",
    ];

    /// <summary>Columns of the requests as they are written; records of earlier versions may lack the later ones.</summary>
    internal static readonly string[] RequestColumns =
    [
        .. RequiredRequestColumns,
        "server_id", "tbt_p99_seconds", "tbt_max_seconds", "energy_joules", "prefill_energy_joules", "client_queue_seconds",
    ];

    internal static readonly string[] TokenColumns = ["request_id", "token_index", "seconds"];

    internal static readonly string[] TokenGapColumns = ["class", "bin", "seconds", "count"];

    internal static readonly string[] ClientLagColumns = ["lag", "bin", "seconds", "count"];

    internal static readonly string[] PowerColumns = ["meter", "seconds", "watts", "cumulative_joules"];

    internal static readonly string[] DeviceColumns = ["device", "quantity", "seconds", "value"];

    /// <summary>Columns that the steps of every record have.</summary>
    internal static readonly string[] RequiredStepColumns =
        ["start_seconds", "duration_seconds", "prefill_tokens", "decode_sequences", "context_tokens"];

    /// <summary>Columns of the steps as they are written; records of earlier versions may lack the later ones.</summary>
    internal static readonly string[] StepColumns = [.. RequiredStepColumns, "energy_joules", "prefill_energy_joules", "clock_megahertz"];

    internal static readonly string[] ServerColumns = ["metric", "seconds", "value"];
}
