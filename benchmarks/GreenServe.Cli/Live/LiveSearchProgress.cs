using GreenServe.Analysis.Advising;
using GreenServe.Running.Live;
using GreenServe.Search.Advising;
using GreenServe.Search.Advising.Searching;

namespace GreenServe.Cli.Live;

/// <summary>Shows a search for a setting in the live views.</summary>
/// <param name="live">What the command shows of itself.</param>
/// <param name="request">What is asked for.</param>
internal sealed class LiveSearchProgress(LiveRun live, AdviceRequest request) : IAdviceWatcher
{
    private bool hasBegun;

    /// <inheritdoc />
    public void Enter(string activity) => live.Enter(LivePhase.Simulating, activity);

    /// <inheritdoc />
    public void Saw(SettingSearchProgress progress)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            live.BeginSearch(
                ObjectiveNumbers.NameOf(request.Objective),
                ObjectiveNumbers.UnitOf(request.Objective, request.Currency),
                progress.PlannedSimulations);
        }

        live.Show(Of(progress.Trial), Of(progress.Best));
    }

    private static LiveTrial Of(SettingTrial trial) => new(
        SettingText.InWords(trial.Setting, trial.Setting),
        double.IsFinite(trial.Score.Objective) ? trial.Score.Objective : null,
        double.IsFinite(trial.Score.WorstRatio) ? trial.Score.WorstRatio : null,
        trial.Score.IsFeasible)
    {
        JoulesPerOutputToken = trial.Metrics.JoulesPerOutputToken.Value,
        Requests = trial.Requests,
    };
}
