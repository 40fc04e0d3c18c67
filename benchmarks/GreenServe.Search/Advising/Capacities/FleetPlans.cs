using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Fleets with what they did.</summary>
internal static class FleetPlans
{
    /// <summary>A fleet with what it did on the workload.</summary>
    /// <param name="setting">The fleet.</param>
    /// <param name="outcome">What it did.</param>
    internal static FleetPlan Of(ServingSetting setting, FleetOutcome outcome) => new()
    {
        Setting = setting,
        Words = SettingText.InWords(setting),
        Gpus = setting.Gpus,
        MeetsSlo = outcome.MeetsSlo,
        JoulesPerOutputToken = outcome.JoulesPerOutputToken,
        MeanWatts = outcome.MeanWatts,
        WorstRatio = outcome.WorstRatio,
        Requests = outcome.Requests,
    };

    /// <summary>A fleet with what it did under a policy, and what the policy knows that an operator would not.</summary>
    /// <param name="setting">The fleet, with the highest clock that the policy may choose.</param>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="outcome">What it did.</param>
    internal static FleetPlan Under(ServingSetting setting, string policy, FleetOutcome outcome)
    {
        bool knowsFuture = outcome.Policy?.KnowsFuture == true;
        string knowledge = knowsFuture ? ", which knows requests before they arrive"
            : outcome.Policy?.StartsFromOwnTraffic == true ? ", which starts from the lengths and peaks of this very traffic" : "";
        return Of(setting, outcome) with
        {
            Policy = policy,
            KnowsFuture = knowsFuture,
            Words = $"{SettingText.InWords(setting)} under {policy}{knowledge}",
        };
    }
}
