namespace GreenServe.Records.Requests;

/// <summary>The outcome of one request; one row of <c>requests.csv</c>. Times are seconds from the start of the run.</summary>
/// <param name="Id">Number of the request in the schedule, from 0.</param>
/// <param name="Class">Request class by the lengths asked, for example <c>SM</c>.</param>
/// <param name="ScheduledSeconds">Time at which the schedule wanted the request sent (s).</param>
/// <param name="IssuedSeconds">Time at which the request was sent (s); <c>null</c> if it never was.</param>
/// <param name="FirstTokenSeconds">
/// Time at which the first output token was received (s); <c>null</c> if none was, or if it is not known which chunk brought it.
/// </param>
/// <param name="CompletedSeconds">
/// Time at which the request ended, well or not (s); <c>null</c> if it was unfinished when the run ended.
/// </param>
/// <param name="InputTokensAsked">Input length wanted (tokens).</param>
/// <param name="InputTokensCounted">Input length that the server counted (tokens); <c>null</c> if the server did not say.</param>
/// <param name="OutputTokensAsked">Output length wanted (tokens).</param>
/// <param name="OutputTokensCounted">Output length delivered (tokens); <c>null</c> if not known.</param>
/// <param name="Status">How the request ended.</param>
/// <param name="Error">Category and message of a failure; <c>null</c> for a completed request.</param>
/// <param name="ServerId">The server's name for the request, or the replica that served it; <c>null</c> if not known.</param>
public sealed record RequestRecord(
    long Id,
    string Class,
    double ScheduledSeconds,
    double? IssuedSeconds,
    double? FirstTokenSeconds,
    double? CompletedSeconds,
    int InputTokensAsked,
    int? InputTokensCounted,
    int OutputTokensAsked,
    int? OutputTokensCounted,
    RequestStatus Status,
    string? Error = null,
    string? ServerId = null)
{
    private readonly double issued = IssuedSeconds ?? double.NaN;
    private readonly double firstToken = FirstTokenSeconds ?? double.NaN;
    private readonly double completed = CompletedSeconds ?? double.NaN;
    private readonly double lastToken = double.NaN;
    private readonly double clientQueue = double.NaN;
    private readonly double gapP99 = double.NaN;
    private readonly double gapMax = double.NaN;
    private readonly double energy = double.NaN;
    private readonly double prefillEnergy = double.NaN;

    /// <summary>Time at which the request was sent (s from the start of the run); <c>null</c> if it never was.</summary>
    public double? IssuedSeconds { get => Number(issued); init => issued = value ?? double.NaN; }

    /// <summary>
    /// Time at which the first output token was received (s from the start of the run); <c>null</c> if none was, or if it is not known
    /// which chunk brought it.
    /// </summary>
    public double? FirstTokenSeconds { get => Number(firstToken); init => firstToken = value ?? double.NaN; }

    /// <summary>
    /// Time at which the request ended, well or not (s from the start of the run); <c>null</c> if it was unfinished when the run
    /// ended.
    /// </summary>
    public double? CompletedSeconds { get => Number(completed); init => completed = value ?? double.NaN; }

    /// <summary>
    /// Time at which the last output token was received (s from the start of the run); <c>null</c> if none was, and in records that
    /// do not keep it.
    /// </summary>
    /// <remarks>What a server sends after it, such as its count of tokens, is part of <see cref="CompletedSeconds"/> alone.</remarks>
    public double? LastTokenSeconds { get => Number(lastToken); init => lastToken = value ?? double.NaN; }

    /// <summary>Time that the request waited because of the client's own concurrency cap (s); <c>null</c> without a cap.</summary>
    /// <remarks>This time is part of issued - scheduled, but it is no fault of the load generator.</remarks>
    public double? ClientQueueSeconds { get => Number(clientQueue); init => clientQueue = value ?? double.NaN; }

    /// <summary>
    /// 99th percentile of this request's own token gaps (s); <c>null</c> for fewer than two tokens or if not kept.
    /// </summary>
    public double? TbtP99Seconds { get => Number(gapP99); init => gapP99 = value ?? double.NaN; }

    /// <summary>Longest of this request's own token gaps (s); <c>null</c> for fewer than two tokens or if not kept.</summary>
    public double? TbtMaxSeconds { get => Number(gapMax); init => gapMax = value ?? double.NaN; }

    /// <summary>
    /// Energy attributed to this request (J) where the backend knows it; <c>null</c> where only windows were metered.
    /// </summary>
    public double? EnergyJoules { get => Number(energy); init => energy = value ?? double.NaN; }

    /// <summary>
    /// Part of <see cref="EnergyJoules"/> that its prefill used (J); <c>null</c> where <see cref="EnergyJoules"/> is.
    /// </summary>
    public double? PrefillEnergyJoules { get => Number(prefillEnergy); init => prefillEnergy = value ?? double.NaN; }

    /// <summary>Name of its priority; <c>null</c> where the workload states none.</summary>
    public string? Priority { get; init; }

    /// <summary>Number of the adapter that it needs, from 0; <c>null</c> where the workload states none.</summary>
    public int? Adapter { get; init; }

    // A table of a million requests is kept in memory. Absent numbers are NaN inside, which takes a third less memory than a
    // nullable.
    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}
