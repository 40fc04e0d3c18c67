using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>The workload that an advice is for, read back from its document.</summary>
internal static class AdvisedWorkload
{
    /// <summary>The workload of an advice.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="folder">Folder that relative paths in the workload start from; <c>null</c> for the current one.</param>
    /// <exception cref="InvalidInputException">The document holds no valid workload.</exception>
    internal static Workload Of(AdviceDocument advice, string? folder) =>
        WorkloadFile.Parse(advice.Workload.ToJsonString(), AdviceDocument.FileName) with { Folder = folder };

    /// <summary>
    /// Input and output of the longest request together (tokens); <c>null</c> where the requests cannot be read, for example because their
    /// trace is not here.
    /// </summary>
    internal static int? LongestTokens(Workload workload)
    {
        try
        {
            return RequestSchedule.For(workload).Requests.Max(request => request.InputTokens + request.OutputTokens);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
