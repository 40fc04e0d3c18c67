using GreenServe.Analysis.Advising;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What the simulator may be off by in the ratio of the objectives of two settings.</summary>
/// <remarks>
/// <para>The logarithm of the error at a setting is taken as normal. Its standard deviation is half the logarithmic width of the error band
/// of 80 %, over 1.28. Half of its variance is what the simulator is off by on this server whatever the setting. Of the other half, two
/// settings share 2^-d, where d is the distance by which the error bands weigh the measured points. So settings that differ in little share
/// nearly all of their error, and the ratio is surer than either number.</para>
/// <para>What a lower clock or a power cap adds to a band is apart from that: it is one unknown for all settings, each of which has its own
/// share of it. Decision 0143 holds the rule against the published points.</para>
/// </remarks>
internal sealed class RatioErrors
{
    /// <summary>
    /// Halvings of what is common between a setting whose instances split prefill and decode and one whose instances serve whole requests:
    /// as between two profiles of one engine.
    /// </summary>
    private const double SplitHalvings = 1;

    /// <summary>Halvings of what is common by each doubling of the stages of a pipeline: as by one of tensor parallelism.</summary>
    private const double DoubledStagesHalvings = 0.5;

    /// <summary>Halvings of what is common between a setting whose cache keeps shared beginnings and one whose cache does not.</summary>
    private const double CachesHalvings = 0.5;

    /// <summary>Share of the cases that an error band holds.</summary>
    private const double BandShare = 0.8;

    /// <summary>Share of the variance of an error that all settings of one server have in common.</summary>
    private const double ServerShare = 0.5;

    private readonly double[,] covariance;
    private readonly double[] lowered;

    private RatioErrors(double[,] covariance, double[] lowered) => (this.covariance, this.lowered) = (covariance, lowered);

    /// <summary>The errors of settings; <c>null</c> where one has no error band.</summary>
    internal static RatioErrors? Of(IReadOnlyList<Candidate> settings, AdviceEvidence evidence)
    {
        Place?[] places = [.. settings.Select(setting => PlaceOf(setting, evidence))];
        if (places.Any(place => place is null))
        {
            return null;
        }

        double[,] covariance = new double[places.Length, places.Length];
        for (int one = 0; one < places.Length; one++)
        {
            for (int other = 0; other < places.Length; other++)
            {
                covariance[one, other] = places[one]!.Deviation * places[other]!.Deviation
                    * SharedShare(
                        SimulatorErrors.CommonErrorShare(places[one]!.Setting, places[other]!.Setting)
                            * CommonShare(settings[one].Setting, settings[other].Setting));
            }
        }

        return new RatioErrors(covariance, [.. places.Select(place => place!.Lowered)]);
    }

    /// <summary>Standard deviation of the logarithm of the ratio of two settings.</summary>
    internal double DeviationBetween(int one, int other) => Math.Sqrt(
        Math.Max(0, covariance[one, one] + covariance[other, other] - (2 * covariance[one, other]))
            + Math.Pow(lowered[one] - lowered[other], 2));

    /// <summary>
    /// A matrix that makes errors with the right covariance of independent standard normal numbers: one row a setting, one column a number.
    /// </summary>
    internal double[,] Root()
    {
        int count = lowered.Length;
        Evd<double> decomposed = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric);
        double[,] root = new double[count, count + 1];
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < count; column++)
            {
                root[row, column] = decomposed.EigenVectors[row, column] * Math.Sqrt(Math.Max(0, decomposed.EigenValues[column].Real));
            }

            root[row, count] = lowered[row];
        }

        return root;
    }

    /// <summary>Share of the variance that two settings of one server have in common.</summary>
    /// <param name="near">What they share because they lie near each other, in (0, 1].</param>
    internal static double SharedShare(double near) => ServerShare + ((1 - ServerShare) * near);

    /// <summary>Standard deviation of the logarithm of an error, from the band that holds a share of the cases.</summary>
    internal static double DeviationOf(ErrorBand band) =>
        Math.Log(band.HighFactor / band.LowFactor) / 2 / Normal.InvCDF(0, 1, (1 + BandShare) / 2);

    private static Place? PlaceOf(Candidate setting, AdviceEvidence evidence)
    {
        SimulatedSystem system = evidence.SystemOf(setting.Setting);
        ErrorBand? whole = ObjectiveNumbers.BandOf(evidence.Objective, setting.ErrorBands);
        ErrorBand? plain = ObjectiveNumbers.BandOf(evidence.Objective, SimulatorErrors.For(system, setting.ConcurrentRequests));
        if (whole is null || plain is null)
        {
            return null;
        }

        double share = evidence.Objective == AdviceObjective.Cost ? ElectricityShareOf(setting, evidence) : 1;
        double all = DeviationOf(whole);
        double own = Math.Min(all, DeviationOf(plain));
        return new Place(
            SimulatedSetting.Of(system, setting.ConcurrentRequests), share * own, share * Math.Sqrt((all * all) - (own * own)));
    }

    private static double ElectricityShareOf(Candidate setting, AdviceEvidence evidence) => setting.Advised is
    {
        JoulesPerOutputToken: { } joules, OutputTokensPerSecond: > 0 and { } rate,
    }
        ? evidence.Prices.ElectricityShare(joules, rate, setting.Setting.Gpus) ?? 1
        : 1;

    /// <summary>What two settings have in common in knobs that no published point varies.</summary>
    private static double CommonShare(ServingSetting one, ServingSetting other) => Math.Pow(
        2,
        -((one.PrefillReplicas > 0 == other.PrefillReplicas > 0 ? 0 : SplitHalvings)
            + (DoubledStagesHalvings * Math.Abs(Math.Log2((double)StagesOf(one) / StagesOf(other))))
            + (one.CachesPrefixes == other.CachesPrefixes ? 0 : CachesHalvings)));

    private static int StagesOf(ServingSetting setting) => setting.Knobs.PipelineParallelism ?? 1;

    /// <summary>A setting among all, with the standard deviations of its error.</summary>
    private sealed record Place(SimulatedSetting Setting, double Deviation, double Lowered);
}
