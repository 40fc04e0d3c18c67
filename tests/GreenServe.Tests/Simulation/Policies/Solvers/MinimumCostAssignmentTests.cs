using CsCheck;
using GreenServe.Simulation.Policies.Solvers;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Policies.Solvers;

public sealed class MinimumCostAssignmentTests
{
    private static readonly Gen<(double[,] Costs, int[] Floors)> Problems =
        from items in Gen.Int[1, 7]
        from takers in Gen.Int[2, 3]
        from costs in Gen.Double[-1, 1].Array[items * takers]
        from floors in Gen.Int[0, items / takers].Array[takers]
        select (Table(costs, takers), floors);

    [Fact]
    public void Solve_CostsAsLittleAsTheBestOfAllAssignments_OnSmallProblems() =>
        Problems.Sample(
            problem =>
            {
                int[] takers = MinimumCostAssignment.Solve(problem.Costs, problem.Floors);

                // Whole costs are off by at most half a billionth of the largest, which is at most 1.
                Assert.True(KeepsFloors(takers, problem.Floors));
                Assert.Equal(All(problem.Costs).Where(all => KeepsFloors(all, problem.Floors)).Min(all => Cost(problem.Costs, all)),
                    Cost(problem.Costs, takers), tolerance: 1e-8);
            },
            iter: 300);

    [Fact]
    public void Solve_GivesEachItemToItsCheapestTaker_WithoutFloors() =>
        Problems.Sample(
            problem =>
            {
                int[] takers = MinimumCostAssignment.Solve(problem.Costs, new int[problem.Costs.GetLength(1)]);

                double cheapest = Enumerable.Range(0, takers.Length)
                    .Sum(item => Enumerable.Range(0, problem.Costs.GetLength(1)).Min(taker => problem.Costs[item, taker]));
                Assert.Equal(cheapest, Cost(problem.Costs, takers), tolerance: 1e-8);
            },
            iter: 100);

    [Fact]
    public void Solve_MovesTheItemThatLosesLeast_ToFillAFloor()
    {
        // Taker 1 is dearer for all: by 3, by 1 and by 2. Its floor of one takes the second.
        double[,] costs = { { 0, 3 }, { 0, 1 }, { 0, 2 } };

        Assert.Equal([0, 1, 0], MinimumCostAssignment.Solve(costs, [0, 1]));
    }

    [Fact]
    public void Solve_IsTheSameEveryTime_WhenAllCostsAreEqual()
    {
        double[,] costs = new double[50, 3];

        int[] first = MinimumCostAssignment.Solve(costs, [10, 10, 10]);

        Assert.True(KeepsFloors(first, [10, 10, 10]));
        Assert.Equal(first, MinimumCostAssignment.Solve(costs, [10, 10, 10]));
    }

    [Fact]
    public void Solve_Refuses_MoreItemsInFloorsThanThereAre() =>
        Assert.Throws<ArgumentException>(() => MinimumCostAssignment.Solve(new double[2, 2], [2, 1]));

    [Fact]
    public void Solve_GivesNothing_ForNoItems() => Assert.Empty(MinimumCostAssignment.Solve(new double[0, 2], [0, 0]));

    [Fact]
    public void SolverLibrary_IsUsedInOneFolderAlone()
    {
        string[] users =
        [
            .. new[] { "analysis", "benchmarks", "workloads" }
                .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => File.ReadAllText(file).Contains("using Google.OrTools", StringComparison.Ordinal))
                .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Distinct(),
        ];

        Assert.Equal(["Solvers"], users);
    }

    [Theory]
    [InlineData(typeof(DllNotFoundException), true)]
    [InlineData(typeof(BadImageFormatException), true)]
    [InlineData(typeof(FileNotFoundException), true)]
    [InlineData(typeof(InvalidOperationException), false)]
    public void IsMissing_SaysWhetherTheLibraryCouldNotBeLoaded(Type type, bool expected)
    {
        Exception cause = (Exception)Activator.CreateInstance(type)!;

        Assert.Equal(expected, SolverLibrary.IsMissing(cause));
        Assert.Equal(expected, SolverLibrary.IsMissing(new TypeInitializationException("Wrapper", cause)));
    }

    private static double[,] Table(double[] costs, int takers)
    {
        double[,] table = new double[costs.Length / takers, takers];
        for (int index = 0; index < costs.Length; index++)
        {
            table[index / takers, index % takers] = costs[index];
        }

        return table;
    }

    private static double Cost(double[,] costs, int[] takers) => takers.Index().Sum(item => costs[item.Index, item.Item]);

    private static bool KeepsFloors(int[] takers, int[] floors) =>
        floors.Index().All(floor => takers.Count(taker => taker == floor.Index) >= floor.Item);

    private static IEnumerable<int[]> All(double[,] costs)
    {
        (int items, int takers) = (costs.GetLength(0), costs.GetLength(1));
        for (int code = 0; code < (int)Math.Pow(takers, items); code++)
        {
            int rest = code;
            int[] all = new int[items];
            for (int item = 0; item < items; item++)
            {
                (rest, all[item]) = Math.DivRem(rest, takers);
            }

            yield return all;
        }
    }
}
