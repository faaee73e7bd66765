using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Grains.Resources;

/// <summary>What every resource grain works with, so that a new kind of resource brings its key and its work only.</summary>
internal sealed class ResourceServices(
    IEnumerable<IResourceBackup> backups,
    AdmissionGate gate,
    VaultAccess vault,
    BackupSchedule schedule,
    ContractCalendar calendar,
    IOptions<RunOptions> options,
    TimeProvider time,
    ILoggerFactory logs)
{
    public AdmissionGate Gate => gate;

    public VaultAccess Vault => vault;

    public BackupSchedule Schedule => schedule;

    public ContractCalendar Calendar => calendar;

    public RunOptions Options => options.Value;

    public TimeProvider Time => time;

    public ILogger<T> Log<T>() => logs.CreateLogger<T>();

    public IResourceBackup BackupOf(ResourceKind kind) => backups.Single(backup => backup.Kind == kind);
}
