using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Datasets;

/// <summary>Small datasets to test with.</summary>
internal static class DatasetSamples
{
    /// <summary>Reads the conversations of a text in recorded order.</summary>
    internal static Dataset Read(string text, DatasetFormat format = DatasetFormat.Automatic, bool needsOutputs = false, int most = 1000)
    {
        using TemporaryFolder folder = new();
        DatasetSource source = new() { File = folder.Write("set.json", text), Format = format, Order = DatasetOrder.Recorded };
        return DatasetFile.Read(source, folder: null, most, seed: 1, needsOutputs);
    }

    /// <summary>The messages of a conversation, as <c>User: text</c>.</summary>
    internal static string[] Messages(Conversation conversation, int turn) =>
    [
        .. Enumerable.Range(0, conversation.MessagesOf(turn)).Select(conversation.MessageAt)
            .Select(message => $"{message.Role}: {System.Text.Encoding.UTF8.GetString(message.Text.Span)}"),
    ];

    /// <summary>Draws the schedule of a workload with a dataset.</summary>
    internal static RequestSchedule Schedule(
        string text, int requests, ArrivalProcess? arrival = null, Func<Workload, Workload>? change = null)
    {
        using TemporaryFolder folder = new();
        Workload workload = Samples.Workload(
            arrival ?? new ConstantArrival { RequestsPerSecond = 1 }, new DatasetLengths(), requests) with
        {
            Dataset = new DatasetSource { File = folder.Write("set.json", text), Order = DatasetOrder.Recorded },
        };
        return RequestSchedule.For(change?.Invoke(workload) ?? workload);
    }
}
