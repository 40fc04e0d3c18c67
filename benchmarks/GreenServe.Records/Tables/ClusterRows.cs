using GreenServe.Records.Measurements;

namespace GreenServe.Records.Tables;

/// <summary>Converts the rows of <c>actions.csv</c> and <c>cluster.csv</c> to their records.</summary>
internal static class ClusterRows
{
    internal static void Write(TableWriter table, ClusterAction action) => table
        .AddSeconds(action.AtSeconds).Add(action.Action)
        .Add((long?)action.Server).Add((long?)action.Instance)
        .Add(action.Setting).Add(action.Reason)
        .AddSeconds(action.EffectiveSeconds).Add(action.Refusal)
        .EndRow();

    internal static void Write(TableWriter table, ClusterSample sample) => table
        .Add(sample.Scope).AddSeconds(sample.Seconds)
        .Add(sample.GpuWatts).Add(sample.HostWatts).Add(sample.MaxWatts).Add(sample.BudgetWatts)
        .Add(sample.MeanClockMegahertz)
        .Add((long?)sample.GpusOn).Add((long?)sample.Instances).Add(sample.MeanTensorParallelismGpus)
        .Add(sample.GpuCelsius).Add(sample.InletCelsius)
        .Add((long?)sample.Requests).Add((long?)sample.HeldRequests)
        .Add(sample.GramsPerKilowattHour)
        .EndRow();

    /// <summary>Converts a row of <c>actions.csv</c>.</summary>
    /// <exception cref="InvalidInputException">
    /// A cell is missing, or the row says that a refused action took effect, or that it did so before it was decided.
    /// </exception>
    internal static ClusterAction Action(TableReader row)
    {
        ClusterAction action = new(
            row.RequiredNumber("at_seconds"),
            row.RequiredText("action"),
            (int?)row.Whole("server"),
            (int?)row.Whole("instance"),
            row.Text("setting"),
            row.RequiredText("reason"),
            row.Number("effective_seconds"),
            row.Text("refusal"));
        if (action.EffectiveSeconds < action.AtSeconds)
        {
            throw row.Bad("effective_seconds", row.Text("effective_seconds"), "a time that is not before the decision");
        }

        return action is { EffectiveSeconds: not null, Refusal: not null }
            ? throw row.Bad("effective_seconds, refusal", "both", "at most one of the two")
            : action;
    }

    /// <summary>Converts a row of <c>cluster.csv</c>.</summary>
    /// <exception cref="InvalidInputException">A cell is missing or holds what is not allowed.</exception>
    internal static ClusterSample Sample(TableReader row) => new(row.RequiredText("scope"), row.RequiredNumber("seconds"))
    {
        GpuWatts = row.Number("gpu_watts"),
        HostWatts = row.Number("host_watts"),
        MaxWatts = row.Number("max_watts"),
        BudgetWatts = row.Number("budget_watts"),
        MeanClockMegahertz = row.Number("mean_clock_megahertz"),
        GpusOn = (int?)row.Whole("gpus_on"),
        Instances = (int?)row.Whole("instances"),
        MeanTensorParallelismGpus = row.Number("mean_tensor_parallelism"),
        GpuCelsius = row.Number("gpu_celsius"),
        InletCelsius = row.Number("inlet_celsius"),
        Requests = (int?)row.Whole("requests"),
        HeldRequests = (int?)row.Whole("held_requests"),
        GramsPerKilowattHour = row.Number("grams_per_kilowatt_hour"),
    };
}
