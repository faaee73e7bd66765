using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Pages.Notices;

/// <summary>How a notice to a customer is shown.</summary>
public static class NoticeWriting
{
    public static StatusLevel Level(NoticeState state) => state switch
    {
        NoticeState.Sent => StatusLevel.Good,
        NoticeState.SentToSome => StatusLevel.Warning,
        NoticeState.Failed or NoticeState.NobodyToTell => StatusLevel.Bad,
        _ => StatusLevel.Running,
    };

    public static string SubjectOf(NoticeListing notice, Language language) => (language == Language.English ? notice.English : notice.Dutch).Subject;
}
