namespace GreenServe.Watching.Telemetry;

/// <summary>The names of the metrics and of their attributes. Docs/reference/metrics.md describes each.</summary>
/// <remarks>
/// Names that begin with <c>gen_ai.</c> are those of the OpenTelemetry semantic conventions 1.42.0 for generative AI (status: development).
/// The <c>gen_ai.server.</c> metrics of the conventions are for servers, and a client does not report them.
/// </remarks>
internal static class MetricName
{
    internal const string Meter = "GreenServe";

    internal const string TokenUsage = "gen_ai.client.token.usage";
    internal const string OperationDuration = "gen_ai.client.operation.duration";
    internal const string TimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    internal const string TimePerOutputToken = "greenserve.request.time_per_output_token";
    internal const string ScheduleLag = "greenserve.request.schedule_lag";

    internal const string RunPhase = "greenserve.run.phase";
    internal const string RunElapsed = "greenserve.run.elapsed";
    internal const string RunRemaining = "greenserve.run.remaining";
    internal const string VerdictReasons = "greenserve.run.verdict_reasons";
    internal const string PointsPlanned = "greenserve.points.planned";
    internal const string PointsEnded = "greenserve.points.ended";
    internal const string PointEnergy = "greenserve.point.energy_per_output_token";
    internal const string PointTokens = "greenserve.point.output_tokens";

    internal const string InFlight = "greenserve.load.in_flight";
    internal const string RecentRequests = "greenserve.load.recent_requests";
    internal const string RecentTokens = "greenserve.load.recent_output_tokens";
    internal const string RecentTtft = "greenserve.load.recent_ttft";
    internal const string RecentTbt = "greenserve.load.recent_tbt";
    internal const string EnergyPerToken = "greenserve.load.energy_per_output_token";

    internal const string MeterPower = "greenserve.meter.power";
    internal const string MeterEnergy = "greenserve.meter.energy";

    internal const string Operation = "gen_ai.operation.name";
    internal const string Provider = "gen_ai.provider.name";
    internal const string RequestModel = "gen_ai.request.model";
    internal const string TokenType = "gen_ai.token.type";
    internal const string ServerAddress = "server.address";
    internal const string ServerPort = "server.port";
    internal const string ErrorType = "error.type";

    internal const string Evidence = "greenserve.evidence";
    internal const string Point = "greenserve.point";
    internal const string Phase = "greenserve.phase";
    internal const string Quantile = "greenserve.quantile";
    internal const string IsValid = "greenserve.valid";
    internal const string Reason = "greenserve.reason";
    internal const string MeterLabel = "greenserve.meter";
    internal const string Scope = "greenserve.scope";
}
