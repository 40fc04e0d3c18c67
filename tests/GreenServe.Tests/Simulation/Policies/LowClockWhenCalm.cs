using System.ComponentModel.DataAnnotations;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies;

/// <summary>The clock is low while no prompt waits, and the highest otherwise.</summary>
public sealed record LowClockWhenCalm : PolicyDefinition
{
    /// <summary>Clock of an instance at which no prompt waits, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 1200.</value>
    [Range(1, 10_000)]
    public double CalmMegahertz { get; init; } = 1200;

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this);

    private sealed class Controller(LowClockWhenCalm policy) : IClusterPolicy
    {
        public IReadOnlyList<double> PeriodsSeconds => [5];

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            foreach (IInstanceView instance in cluster.Instances)
            {
                bool isCalm = instance.PromptRequests == 0;
                actions.SetClock(instance.Number, isCalm ? policy.CalmMegahertz : null, isCalm ? "calm" : "prompts wait");
            }
        }
    }
}
