using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// A control policy with its parameters, as a file (<c>*.policy.yaml</c>) states it. <c>docs/explanation/policies.md</c> explains them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FixedSetting), "fixed")]
[JsonDerivedType(typeof(DynamoLlmSetting), "dynamo_llm")]
[JsonDerivedType(typeof(PerfectAutoscaler), "perfect_autoscaler")]
[JsonDerivedType(typeof(BestStatic), "best_static")]
[JsonDerivedType(typeof(VariantAutoscaler), "variant_autoscaler")]
[JsonDerivedType(typeof(ThrottllemSetting), "throttllem")]
[JsonDerivedType(typeof(SpreadEvenly), "spread")]
[JsonDerivedType(typeof(WilkinsOffline), "wilkins_offline")]
[JsonDerivedType(typeof(WilkinsOnline), "wilkins_online")]
[JsonDerivedType(typeof(DynamoPlanner), "dynamo_planner")]
[JsonDerivedType(typeof(Freesh), "freesh")]
[JsonDerivedType(typeof(BreakEvenSleep), "break_even_sleep")]
[JsonDerivedType(typeof(Splitwise), "splitwise")]
[JsonDerivedType(typeof(VoltanaLlm), "voltana_llm")]
[JsonDerivedType(typeof(Chameleon), "chameleon")]
[JsonDerivedType(typeof(Polca), "polca")]
[JsonDerivedType(typeof(PowerSlider), "power_slider")]
[JsonDerivedType(typeof(Tapas), "tapas")]
[JsonDerivedType(typeof(UniformCap), "uniform_cap")]
public abstract record PolicyDefinition : IChecked
{
    private protected PolicyDefinition()
    {
    }

    /// <summary>Name of the policy in records and tables: letters, digits, dots, dashes and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Where the rule comes from, and whether the source was read, is second-hand or was inferred.</summary>
    public required string Source { get; init; }

    /// <summary>Whether the policy looks at the priorities of requests. By default it does not.</summary>
    public virtual bool UsesPriorities() => false;

    /// <summary>Whether the policy loads the adapters of requests. By default it does not.</summary>
    public virtual bool UsesAdapters() => false;

    /// <summary>
    /// Whether the policy starts from <see cref="PolicySetting.Traffic"/>, for which the requests of the run itself stand.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public virtual bool StartsFromOwnTraffic() => false;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Name.Length == 0 || !Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
        {
            yield return new Problem("$.name", $"'{Name}'", "letters, digits, dots, dashes and underscores");
        }

        if (string.IsNullOrWhiteSpace(Source))
        {
            yield return new Problem("$.source", $"'{Source}'", "where the rule comes from");
        }
    }

    /// <summary>Every reason why the policy cannot control a cluster; empty if it can.</summary>
    /// <param name="setting">The cluster, the SLO and the schedule of the run.</param>
    public virtual IEnumerable<Problem> CheckFor(PolicySetting setting) => [];

    /// <summary>Makes the controller of one run.</summary>
    /// <param name="setting">The cluster, the SLO and the schedule of the run.</param>
    /// <exception cref="InvalidInputException">The policy cannot control this cluster. The exception lists every reason.</exception>
    public abstract IClusterPolicy Create(PolicySetting setting);
}
