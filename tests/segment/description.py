# SPDX-License-Identifier: BSL-1.0
"""Description: the documents as a control point fetches them."""

import contextlib
import pathlib
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import control_point
import light
import scenario


class Description(scenario.Scenario):
    def setUp(self):
        super().setUp()
        self.start_light()

    def test_the_device_is_described(self):
        self.assertEqual(self.root.type, light.DEVICE_TYPE)
        self.assertEqual(self.root.name, light.NAME)
        self.assertEqual(self.root.udn, f"uuid:{light.UUID}")
        self.assertEqual([(s.type, s.id) for s in self.root.services], [(light.SERVICE_TYPE, light.SERVICE_ID)])

    def test_the_service_is_described(self):
        scpd = xml.fromstring(control_point.request(self.near, "GET", self.switch.scpd_url).body)
        names = [name.text for name in scpd.iter(control_point.SERVICE_NS + "name")]
        for expected in ("SetTarget", "GetTarget", "GetStatus", "newTargetValue", "RetTargetValue", "ResultStatus"):
            self.assertIn(expected, names)
        evented = [v.findtext(control_point.SERVICE_NS + "name")
                   for v in scpd.iter(control_point.SERVICE_NS + "stateVariable") if v.get("sendEvents") != "no"]
        self.assertEqual(evented, ["Status"])

    def test_documents_come_with_their_type_and_length(self):
        for url in (self.light.location, self.switch.scpd_url):
            response = control_point.request(self.near, "GET", url)
            self.assertEqual(response.status, 200)
            self.assertEqual(response.headers["content-type"].replace(" ", ""), 'text/xml;charset="utf-8"')
            self.assertEqual(int(response.headers["content-length"]), len(response.body))

    def test_head_has_the_headers_of_get(self):
        head = control_point.request(self.near, "HEAD", self.light.location)
        get = control_point.request(self.near, "GET", self.light.location)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["content-length"], get.headers["content-length"])

    def test_one_connection_carries_several_requests(self):
        with contextlib.closing(control_point.connect(self.near, self.light.location)) as connection:
            used = []
            for _ in range(3):
                response = control_point.exchange(connection, "GET", self.light.location)
                self.assertEqual(response.status, 200)
                used.append(connection.sock)  # None if the device asked to close
        self.assertEqual(used, [used[0]] * 3)
        self.assertIsNotNone(used[0])

    def test_an_unknown_path_is_404_and_a_wrong_method_405(self):
        nowhere = control_point.request(self.near, "GET", self.light.location + "/nowhere")
        self.assertEqual(nowhere.status, 404)
        wrong = control_point.request(self.near, "DELETE", self.light.location)
        self.assertIn(wrong.status, (405, 501))


if __name__ == "__main__":
    scenario.main()
