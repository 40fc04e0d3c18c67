using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace GreenServe.Tests.Architecture;

/// <summary>
/// Holds decision 0080 over the compiled libraries: the name of a floating-point number that others can see ends in its unit. Integers
/// are left out: they count or number things, and their names say which.
/// </summary>
public sealed partial class QuantityNameTests
{
    /// <summary>Words of a name that say a unit, or that the number has none.</summary>
    private static readonly HashSet<string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        "Seconds", "Milliseconds", "Microseconds", "Nanoseconds", "Hours", "Minutes",
        "Joules", "Millijoules", "Microjoules", "Watts", "Milliwatts", "Microwatts", "Volts", "Celsius", "Megahertz", "Hertz",
        "Grams", "Tokens", "Requests", "Sequences", "Layers", "Parameters", "Weights", "Pairs", "Bytes", "Gigabytes", "Bits",
        "Flops", "Operations", "Calls", "Ticks", "Cores", "Gpus", "Count",
        "Ratio", "Share", "Percent", "Percentile", "Probability", "Confidence", "Factor", "Multiple", "Exponent", "Squared",
        "Quantile", "Efficiency", "Effectiveness", "Pixels",
    };

    /// <summary>Words that may follow the unit: P of a percentile such as P99, and what the result of a method depends on.</summary>
    private static readonly HashSet<string> Followers = new(StringComparer.Ordinal) { "P", "At", "Between", "Since", "By" };

    /// <summary>Members that rightly have no unit in their name: a pattern of the full name, and why.</summary>
    private static readonly (string Pattern, string Reason)[] Exceptions =
    [
        (@"^GreenServe\.Analysis\.Statistics\.", "Statistics keep the unit of the values that they are given."),
        (@"^GreenServe\.Analysis\.Figures\.", "Coordinates of a drawing: pixels, or the axis's own unit."),
        (@"^GreenServe\.Analysis\.Formatting\.", "Text of any number."),
        (@"^GreenServe\.Workloads\.Randomness\.", "Random numbers and elementary functions are pure mathematics."),
        (@"^GreenServe\.Records\.EnergyAccounting\.NonNegativeLeastSquares", "Least squares are pure mathematics."),
        (
            @"^GreenServe\.(Records\.EnergyAccounting\.ErrorBounded|Simulation\.Physics\.BandedValue"
                + @"|Analysis\.Artifacts\.FitCoefficient)\.",
            "The member that holds the number with its error names the unit of both."),
        (
            @"^GreenServe\.(Simulation\.(Clusters\.Timing\.IndexedHeap|Physics\.SoftMaximum)"
                + @"|Records\.Measurements\.ArithmeticProgression)\.",
            "A heap, a progression and a soft maximum are mathematics: they keep the unit of the numbers that they are given."),
        (
            @"^GreenServe\.Simulation\.Calibration\.(FittedConstant|CalibrationResidual|ObservedResidual|SystemConstants|FittableConstant"
                + @"|TypicalStep|FitProblem|(Power|Step)Fit\+Parameter|Observables\.(ScaledConstant|ObservedLoad))\.",
            "Every fitted constant has its own unit, and a residual is a number of any metric."),
        (
            @"^GreenServe\.Analysis\.(Comparison\.(MetricChange\.(Baseline|Candidate|Effect|Low|High)|GatedMetric\.Threshold"
                + @"|RunSpread\.Spread)|Grids\.(MetricColumn|MetricSummary|MetricValue)\..*|Metrics\.Reading\..*"
                + @"|Results\.ResultMetric\.(ErrorBound|BandLow|BandHigh)|Reports\.Interactive\.PageNumber\..*"
                + @"|Results\.ResultSearch\.(Highest|LowestFailing|EveryRunMeets|EveryRunMisses))$",
            "A number of a metric: the metric states its unit."),
        (
            @"^GreenServe\.Simulation\.Trust\.(ErrorBandRule\+Campaign|SettingDistance\.|Extrapolation\.MaxDistance)",
            "Errors are logarithms, and a distance between settings is a number of halvings: neither has a unit."),
        (@"PValue$|Steadiness\+Halves\.T$", "A p-value and Student's t have no unit and keep the names that statistics gives them."),
        (
            @"(GridFactors\.Cost\(\)|SiteTotals\.Cost|TokenPrices\.(CostOfToken\(\)|GpuHourPrice)|PriceList\.GpuHourPrice)$",
            "Money: its currency stands beside it as data."),
        (
            @"(AdvisedSetting\.ObjectiveValue|ObjectiveNumbers\.ValueOf\(\))$",
            "A number of any objective, which states its unit."),
        (
            @"^GreenServe\.Simulation\.Policies\.(Chameleon|Adapters\.EvictionOrder)\..*Weight$",
            "A weight in a weighted sum has no unit and keeps the name that the paper gives it."),
        (
            @"^GreenServe\.Simulation\.Policies\.Adapters\.(FairLevels\.Rank|SizeCuts\.LevelOf)\(size\)$",
            "The weighted size of a request has no unit."),
        (@"KnownOrder\.(Last|Rank\(\))$", "A place in an order has no unit."),
        (@"^GreenServe\.Workloads\.Traces\.Percentile\.", "A percentile keeps the unit of the values that it is given."),
        (
            @"CoefficientOfVariation$|GammaArrival\.Shape$|LognormalLength\.Sigma$",
            "Parameters of a distribution without a unit, in statistics' own words."),
        (
            @"\.Value(\(\))?$|\(value\)$|GridAxis\.(Lowest|Highest)Possible$|KnobOutcome\.(Asked|Actual)$|ClaimBound\.(Low|High)$"
                + @"|PredictedValue\.(Measured|Predicted)$",
            "A number of any quantity: the name of the quantity, and with it the unit, stands beside it as data."),
        (@"SamplingOptions\.Temperature$", "The temperature of sampling has no unit and keeps the name that every server gives it."),
        (@"\.(Required)?Number(\(\))?$", "A cell or a field: its column or its key names the unit."),
    ];

    private static readonly string[] LibraryNames =
    [
        "GreenServe.Records", "GreenServe.Workloads", "GreenServe.Metering", "GreenServe.Simulation", "GreenServe.Serving",
        "GreenServe.Analysis",
    ];

    /// <summary>The libraries whose numbers are checked.</summary>
    public static TheoryData<string> Libraries => [.. LibraryNames];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Number_NamesItsUnit_WhereOthersCanSeeIt(string library)
    {
        string[] unnamed =
        [
            .. NumbersOf(Assembly.Load(library)).Where(name => !NamesAUnit(name) && !IsExcepted(name))
                .Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.True(
            unnamed.Length == 0, $"{unnamed.Length} numbers of {library} have no unit in their name:\n{string.Join('\n', unnamed)}");
    }

    [Fact]
    public void Exception_IsNeeded()
    {
        string[] names = [.. LibraryNames.SelectMany(name => NumbersOf(Assembly.Load(name)))];

        Assert.Empty(
            from exception in Exceptions
            where !names.Any(name => Regex.IsMatch(name, exception.Pattern))
            select exception.Reason);
    }

    [Theory]
    [InlineData("Record.IssuedSeconds", true)]
    [InlineData("Record.Between(earlierMicrojoules)", true)]
    [InlineData("Record.JoulesBetween()", true)]
    [InlineData("Record.RequestsPerSecond", true)]
    [InlineData("Record.Add(seconds)", true)]
    [InlineData("Record.DurationSecondsP99", true)]
    [InlineData("Record.Length", false)]
    [InlineData("Record.SecondsLate", false)]
    [InlineData("Seconds.Of(value)", false)]
    public void NamesAUnit_LooksAtTheMemberAlone(string name, bool expected) => Assert.Equal(expected, NamesAUnit(name));

    private static IEnumerable<string> NumbersOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => !IsGenerated(type) && !typeof(Delegate).IsAssignableFrom(type)).SelectMany(NumbersOf);

    private static IEnumerable<string> NumbersOf(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        string owner = $"{type.Namespace}.{TypeNameOf(type)}";
        IEnumerable<string> properties = type.GetProperties(Declared)
            .Where(property => IsNumber(property.PropertyType) && property.GetIndexParameters().Length == 0)
            .Where(property => property.GetMethod is { } get && IsSeen(get) && !IsOverride(get))
            .Select(property => $"{owner}.{property.Name}");
        IEnumerable<string> fields = type.GetFields(Declared)
            .Where(field => IsNumber(field.FieldType) && (field.IsPublic || field.IsAssembly) && !IsGenerated(field))
            .Select(field => $"{owner}.{field.Name}");
        IEnumerable<MethodInfo> methods = type.GetMethods(Declared)
            .Where(method => IsSeen(method) && !IsOverride(method) && !IsGenerated(method))
            .Where(method => !method.IsSpecialName && method.Name is not "Deconstruct");
        return [.. properties, .. fields, .. methods.SelectMany(method => NumbersOf(owner, method))];
    }

    private static IEnumerable<string> NumbersOf(string owner, MethodInfo method)
    {
        IEnumerable<string> parameters = method.GetParameters().Where(parameter => IsNumber(parameter.ParameterType))
            .Select(parameter => $"{owner}.{method.Name}({parameter.Name})");
        return IsNumber(method.ReturnType) ? parameters.Append($"{owner}.{method.Name}()") : parameters;
    }

    private static bool IsNumber(Type type)
    {
        Type element = type.IsByRef ? type.GetElementType()! : type;
        Type plain = Nullable.GetUnderlyingType(element) ?? element;
        return plain == typeof(double) || plain == typeof(float) || plain == typeof(decimal);
    }

    private static bool IsSeen(MethodBase method) =>
        (method.IsPublic || method.IsAssembly || method.IsFamilyOrAssembly || method.IsFamily)
        && !method.Name.Contains('.', StringComparison.Ordinal);

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition().DeclaringType != method.DeclaringType;

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || (member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not MethodInfo { IsSpecialName: true })
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    private static string TypeNameOf(Type type) => type.DeclaringType is { } outer ? $"{TypeNameOf(outer)}+{type.Name}" : type.Name;

    private static bool IsExcepted(string name) => Exceptions.Any(exception => Regex.IsMatch(name, exception.Pattern));

    /// <summary>Whether the member's own name, or the parameter's in brackets, ends in a unit, or is a quotient of two.</summary>
    private static bool NamesAUnit(string name)
    {
        int bracket = name.IndexOf('(', StringComparison.Ordinal);
        string member = bracket < 0 || name.EndsWith("()", StringComparison.Ordinal)
            ? name[(name.LastIndexOf('.') + 1)..]
            : name[(bracket + 1)..^1];
        string[] words = [.. Words().Matches(member).Select(word => word.Value)];
        return words.Contains("Per") || words.Reverse().SkipWhile(Followers.Contains).FirstOrDefault() is { } last && Units.Contains(last);
    }

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Words();
}
