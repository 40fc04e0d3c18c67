using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Calibration.Observables;

namespace GreenServe.Search.Advising.Verification;

/// <summary>Fits a twin to the runs of a verification, as <c>greenserve calibrate</c> does.</summary>
internal static class VerifiedTwin
{
    /// <summary>The verification with the folder of its twin, or with the reason why there is none.</summary>
    /// <param name="verification">The verification.</param>
    /// <param name="records">Its runs.</param>
    /// <param name="folder">Folder of the verification, in which the twin gets a folder.</param>
    /// <param name="name">Name of the twin.</param>
    /// <param name="advice">The advice, whose accelerator, engine and model count where the records state none.</param>
    internal static AdviceVerification Added(
        AdviceVerification verification, IReadOnlyList<RunRecord> records, string folder, string name, AdviceDocument advice)
    {
        string twin = Path.Combine(folder, "twin");
        ServingSetting? first = advice.Finalists is [var finalist, ..] ? finalist.Setting : null;
        CalibrationOptions options = new()
        {
            Stated = new StatedSystem
            {
                Gpu = first?.Gpu,
                Engine = first?.Engine,
                Model = first?.Model,
                Knobs = LeftToTheServer(records),
            },
        };
        try
        {
            CalibrationResult result = TwinCalibration.Fit(records, [], options);
            CalibrationFiles.Write(result, Path.Combine(twin, $"{name}.yaml"));
            return verification with { TwinFolder = Path.Combine(Path.GetFileName(Path.GetFullPath(folder)), Path.GetFileName(twin)) };
        }
        catch (InvalidInputException exception)
        {
            return verification with { NoTwinReason = string.Join("; ", exception.Problems) };
        }
    }

    /// <summary>
    /// What the simulation took for knobs that no record states, because the server had them by default: one accelerator and 16-bit
    /// weights.
    /// </summary>
    private static Knobs LeftToTheServer(IReadOnlyList<RunRecord> records) => new()
    {
        TensorParallelism = records.All(record => record.Manifest.Knobs.TensorParallelism is null) ? 1 : null,
        Precision = records.All(record => record.Manifest.Knobs.Precision is null) ? Precision.Bf16 : null,
    };
}
