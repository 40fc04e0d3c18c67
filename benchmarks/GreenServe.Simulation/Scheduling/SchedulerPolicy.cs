using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// How an engine puts prompts into its steps. The default is that of vLLM's V1 scheduler: prompts are cut into chunks and share steps with
/// decoding sequences.
/// </summary>
public sealed record SchedulerPolicy : IChecked
{
    /// <summary>
    /// Whether prompts and decoding sequences share a step. Otherwise decoding sequences wait while there is a prompt that can be admitted.
    /// </summary>
    /// <value>Default <c>true</c>.</value>
    public bool MixesPrompts { get; init; } = true;

    /// <summary>
    /// Whether a prompt is cut where the tokens of a step end. Otherwise a prompt waits for a step that has room for all of it. A prompt
    /// that is longer than a step is the only one of its step.
    /// </summary>
    /// <value>Default <c>true</c>.</value>
    public bool ChunksPrompts { get; init; } = true;

    /// <summary>Largest number of prompts in one step, from 1 to 65536; <c>null</c> for no limit.</summary>
    [Range(1, 65536)]
    public int? MaxPrompts { get; init; }

    /// <summary>
    /// Whether a step is planned while the step before it runs, so that a request joins the step after the next. Otherwise it joins the
    /// next step.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool IsAsynchronous { get; init; }

    /// <summary>
    /// Share of the tokens of a step, from 0 to 1, that prompts and decoding sequences must fill before prompts are admitted beside
    /// decoding sequences. 0 admits them at once.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double BatchWaitRatio { get; init; }

    /// <summary>Largest number of steps for which prompts wait to fill <see cref="BatchWaitRatio"/>, from 0 to 10000.</summary>
    /// <value>Default 0.</value>
    [Range(0, 10_000)]
    public int BatchWaitSteps { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (BatchWaitRatio > 0 != BatchWaitSteps > 0)
        {
            yield return new Problem(
                "$.batch_wait_steps", BatchWaitSteps, $"both batch_wait_ratio ({BatchWaitRatio}) and batch_wait_steps, or neither");
        }
    }
}
