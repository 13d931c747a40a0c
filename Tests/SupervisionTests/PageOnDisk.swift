import Foundation

/// Keeps a page for people to look at where `RENLING_TEST_PAGES` names a folder.
enum PageOnDisk {
    static func keep(_ page: String, as name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["RENLING_TEST_PAGES"] else { return }
        try Data(page.utf8).write(to: URL(filePath: folder).appending(path: "\(name).html"))
    }
}
