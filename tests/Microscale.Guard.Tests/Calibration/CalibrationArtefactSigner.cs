using System.Security.Cryptography;
using System.Text.Json;

namespace Microscale.Guard.Tests.Calibration;

/// <summary>Makes an artefact that was never fitted look whole.</summary>
internal static class CalibrationArtefactSigner
{
    public static CalibrationArtefact Sign(CalibrationArtefact artefact) => artefact with
    {
        Checksum = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            artefact with { Checksum = "" }, CalibrationJsonContext.Default.CalibrationArtefact))),
    };
}
