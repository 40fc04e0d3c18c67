using GreenServe.Records.Requests;
using GreenServe.Tests.Workloads;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

public sealed class OpenLoopPlanTests
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public async Task Run_SendsEveryTurn_AfterTheLastHasComeBack()
    {
        FakeBackend? backend = null;
        backend = new FakeBackend(Time, async (trace, cancellationToken) =>
        {
            await Task.Delay(1 + (int)(trace.Request.Id % 3), cancellationToken);
            await backend!.Complete(trace);
        });
        Workload workload = Samples.Workload(new ConstantArrival { RequestsPerSecond = 500 }, Samples.Fixed(16, 8), requests: 62) with
        {
            Sessions = new Sessions { Turns = 3, ThinkSeconds = 0.002 },
        };

        ServedRun run = await ServedRun.AgainstAsync(backend, RequestSchedule.For(workload), ServedRun.Patient);

        Assert.Equal(62, run.Record.Requests.Count(request => request.Status == RequestStatus.Completed));
        foreach (IGrouping<long, RequestRecord> session in run.Record.Requests.GroupBy(request => request.Id / 3))
        {
            RequestRecord[] turns = [.. session.OrderBy(request => request.Id)];
            Assert.All(
                turns.Zip(turns.Skip(1)),
                pair => Assert.InRange(pair.Second.ScheduledSeconds - pair.First.CompletedSeconds!.Value, 0.0019, double.MaxValue));
        }
    }
}
